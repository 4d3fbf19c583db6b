//! The language's own words: comparators, connectives, modal words, magnitudes. No word of the domain stands here.

use crate::check::lexicon::{Comparison, Meaning, Measuring, Note};
use crate::model::{Force, Operator};

const fn before(operator: Operator) -> Meaning {
    Meaning::Comparison(Comparison { operator, behind: false, needs_direction: false })
}

const fn behind(operator: Operator) -> Meaning {
    Meaning::Comparison(Comparison { operator, behind: true, needs_direction: false })
}

const fn modal(force: Force, bans: bool, has: bool) -> Meaning {
    Meaning::Modal { force, bans, has }
}

/// Every reserved term of phrases: its spellings parted by `|`, and its meaning.
///
/// Source of the boundary words: 《民法典》第1259条 for 以上 以下 以内 届满 (with the number) and 不满 超过 以外
/// (without it); ordinary drafting usage for the rest.
#[must_use]
pub fn reserved() -> Vec<(&'static str, Meaning)> {
    let mut words = comparators();
    words.extend(connectives());
    words.extend(modals());
    words.extend(measures());
    words
}

fn comparators() -> Vec<(&'static str, Meaning)> {
    let undirected =
        Meaning::Comparison(Comparison { operator: Operator::Equal, behind: false, needs_direction: true });
    vec![
        (
            "满|不低于|不少于|不小于|不早于|达到|大于等于|大于或等于|至少|自|at least|not less than|no less than|reaches",
            before(Operator::AtLeast),
        ),
        (
            "不超过|不高于|不大于|不多于|不晚于|小于等于|小于或等于|至多|最多|至|截至|at most|not more than|no more than",
            before(Operator::AtMost),
        ),
        ("高于|大于|超过|多于|晚于|more than|above|later than", before(Operator::Above)),
        ("低于|小于|少于|不足|不满|不到|早于|less than|below|earlier than", before(Operator::Below)),
        ("等于|equals|equal to", before(Operator::Equal)),
        ("不等于|differs from", before(Operator::NotEqual)),
        ("约|大约|about", before(Operator::About)),
        ("以上|及以上|之日起|起|届满|or more|or above|or higher", behind(Operator::AtLeast)),
        ("以下|以内|之内|及以下|止|or less|or below|or lower", behind(Operator::AtMost)),
        ("以外|之后|后|之外", behind(Operator::Above)),
        ("之前|前", behind(Operator::Below)),
        ("左右|上下", behind(Operator::About)),
        ("提高到|提升到|提升至|提高至|降低到|控制在|维持在|保持在|raised to|lowered to|held at|kept at", undirected),
    ]
}

fn connectives() -> Vec<(&'static str, Meaning)> {
    vec![
        ("且|并且|而且|同时|and", Meaning::And),
        ("或|或者|or", Meaning::Or),
        ("非|不是|not", Meaning::Not),
        ("是|为|属于|is|are", Meaning::Is),
        ("有|具有|has|with", Meaning::Has),
        ("无|没有|none|without", Meaning::None),
        ("位于|located in|within", Meaning::Located),
        ("距|距离|distance from", Meaning::Distance),
        ("经认定|attested", Meaning::Attested),
        ("等", Meaning::OpenList),
        ("及|和|以及", Meaning::Listing),
        ("否|no", Meaning::No),
        ("含|inclusive", Meaning::Note(Note::Inclusive)),
        ("不含|exclusive", Meaning::Note(Note::Exclusive)),
        ("上限|cap", Meaning::Note(Note::Cap)),
        ("下限|floor", Meaning::Note(Note::Floor)),
        ("上下限|both", Meaning::Note(Note::Both)),
        ("申请人举证|applicant shows", Meaning::Note(Note::Applicant)),
        ("本部门核查|authority checks", Meaning::Note(Note::Authority)),
        ("推定不属于|presumed not", Meaning::Note(Note::PresumedNot)),
        ("列举已尽|list complete", Meaning::Note(Note::Complete)),
        ("的|之|of", Meaning::Filler),
        ("从|defers to", Meaning::DefersTo),
        ("其余|otherwise", Meaning::Otherwise),
        ("载明|stating", Meaning::States),
        ("日期|dated", Meaning::DateOf),
        ("以严者为准|stricter of|the stricter of", Meaning::Stricter),
        ("/", Meaning::Per),
        ("十", Meaning::Magnitude(1)),
        ("百", Meaning::Magnitude(2)),
        ("千", Meaning::Magnitude(3)),
        ("万|萬", Meaning::Magnitude(4)),
        ("亿|億", Meaning::Magnitude(8)),
    ]
}

fn modals() -> Vec<(&'static str, Meaning)> {
    vec![
        ("必须|须|应|应当|must|shall", modal(Force::Must, false, false)),
        ("必须有|须有|应有|应当有|must have|shall have", modal(Force::Must, false, true)),
        ("禁止|不得|严禁|不再|不准|forbidden|forbid|must not|shall not|prohibited", modal(Force::MustNot, true, false)),
        (
            "限制|严格控制|从严控制|严格限制|严控|restrict|restricted|strictly controlled",
            modal(Force::Restricted, true, false),
        ),
        ("原则上|in principle", modal(Force::InPrinciple, false, false)),
        ("宜|尽量|力争|should", modal(Force::Should, false, false)),
        ("预期|expected", modal(Force::Expected, false, false)),
        ("鼓励|支持|大力支持|encouraged|encourage", modal(Force::Encouraged, false, false)),
        ("可|可以|may|permitted", modal(Force::Permitted, false, false)),
    ]
}

fn measures() -> Vec<(&'static str, Meaning)> {
    vec![
        ("数量|count", Meaning::Measure(Measuring::Count)),
        ("合计|总和|sum", Meaning::Measure(Measuring::Sum)),
        ("比例|占比|share", Meaning::Measure(Measuring::Share)),
        ("占|out of", Meaning::Measure(Measuring::Of)),
        ("全部|all", Meaning::Measure(Measuring::Whole)),
        ("每个|each", Meaning::Measure(Measuring::Each)),
        ("统计值|reported", Meaning::Measure(Measuring::Reported)),
        ("较|against", Meaning::Measure(Measuring::Against)),
        ("增加|增长|increase", Meaning::Measure(Measuring::Increase)),
        ("减少|下降|decrease", Meaning::Measure(Measuring::Decrease)),
    ]
}
