//! Every word a report says of itself, once, in both languages.

use crate::diagnostic::Language;
use crate::ruling::{Status, Verdict};

macro_rules! words {
    ($($(#[$meta:meta])* $variant:ident $chinese:literal | $english:literal;)*) => {
        /// A word or title of a report.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) enum Word {
            $($(#[$meta])* $variant,)*
        }

        impl Word {
            /// The word in one language.
            pub(crate) const fn text(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$variant, Language::Chinese) => $chinese,
                      (Self::$variant, Language::English) => $english,)*
                }
            }
        }
    };
}

words! {
    // Rulings.
    Admissible "符合规划" | "Admissible";
    NotCovered "规划未作规定" | "Not covered by the plan";
    ForDecision "需论证，提请集体研究" | "For decision";
    Incomplete "暂不能认定，需补正" | "Incomplete";
    Refused "不符合规划" | "Refused";
    ForDecisionShort "需论证" | "for decision";
    AdmissibleShort "符合规划" | "admissible";
    NotCoveredShort "规划未作规定" | "not covered by the plan";
    IncompleteShort "暂不能认定" | "incomplete";
    RefusedShort "不符合规划" | "refused";

    // Statuses.
    NotApplicable "不适用" | "not applicable";
    Satisfied "符合" | "satisfied";
    Discretion "需论证" | "for decision";
    Undetermined "未定" | "undetermined";
    Violated "不符合" | "violated";

    // Forces, as the underlined requirement is labelled.
    RequiredHere "本条要求" | "required by this clause";
    ForbiddenHere "本条禁止" | "forbidden by this clause";
    RestrictedHere "本条限制" | "restricted by this clause";
    PrincipleHere "本条的原则" | "this clause's principle";
    AdvisedHere "本条提倡" | "advised by this clause";
    Restricted "从严控制" | "restricted";
    InPrinciple "原则性规定" | "a rule in principle";
    Forbidden "禁止" | "forbidden";
    Advised "提倡" | "advised";

    // Comparisons, set before the bound.
    AtLeast "不低于" | "at least";
    AtMost "不超过" | "at most";
    Above "超过" | "more than";
    Below "低于" | "less than";
    EqualTo "为" | "equal to";
    NotEqualTo "不为" | "other than";
    About "约为" | "about";
    OneOf "属于" | "one of";
    Ought "应" | "must be ";
    Short "差 " | "short by ";
    ShortMore "差额大于 " | "short by more than ";
    Over "超 " | "over by ";
    OverMore "超出大于 " | "over by more than ";
    OnTheBound "恰在界上，界限本身不含" | "exactly on the bound, which is excluded";
    NotGiven "未说明" | "not stated";
    NotMet "不具备" | "not met";
    Has "有 " | "has ";
    HasNot "缺 " | "lacks ";
    HasNone "无 " | "no ";
    States " 载明" | " stating ";
    StatesNot " 未载明" | " not stating ";
    UnstatedContents " 未说明是否载明" | " not known to state ";
    Given "有" | "given";
    ThereIsNone "无" | "none";
    Not "非 " | "not ";
    NotBefore "不早于" | "on or after";
    NotAfter "不晚于" | "on or before";
    After "晚于" | "after";
    Before "早于" | "before";

    // Heads of the rows below the findings.
    AsOf "截至 " | "as of ";
    BestReachable "能达到的最好结论" | "best reachable";
    ApplicantList "补正清单（申请人）" | "wanted from the applicant";
    AuthorityList "核查清单（本部门）" | "to be checked by the authority";
    AuthorityDuties "本部门办理事项" | "duties of the authority";
    LaterDuties "附带义务" | "later duties";
    Readings "适用口径" | "readings taken";
    OtherReadings "另一口径会改变结论" | "another reading would change the ruling";
    CouldShow "可举证的除外理由" | "grounds that could be shown";
    Defaults "默认与折算" | "defaults and conversions";
    Note "注" | "Note";
    Warning "提示" | "warnings";
    Basis "依据" | "cited";

    // Indicators.
    IndicatorColumn "指标" | "indicator";
    ValueColumn "现状" | "value";
    TargetColumn "目标" | "target";
    DistanceColumn "距离" | "distance";
    StandingColumn "状态" | "status";
    BeforeColumn "审批前" | "before";
    AfterColumn "审批后" | "after";
    Met "达到" | "met";
    Missed "未达到" | "missed";
    NotDue "未到期" | "not due";
    NotKnown "未知" | "unknown";
    Left "余 " | "left: ";
    Quotas "指标余量" | "indicators";
    ReckonedHere "这里核对" | "reckoned here";
    PrintedHere "印在这里：" | "printed here:";
    QuotaSection "指标余量" | "Indicators before and after";

    // Counts.
    CountSatisfied " 条符合" | " satisfied";
    CountNotApplicable " 条不适用" | " not applicable";
    AllLists "（--all 列出）" | "(--all lists them)";

    // What is missing.
    Unstated "未说明 " | "not stated: ";
    UnstatedDocument "未说明有无 " | "not stated whether there is: ";
    UnstatedFinding "待认定：" | "not yet found: ";
    UnstatedParameter "未载入的数：" | "number not loaded: ";
    UnstatedConversion "缺折算依据：" | "conversion wanted: ";
    UnstatedRegistry "未附登记册" | "no registry given";
    Facts "事实：" | "facts: ";
    Documents "材料：" | "documents: ";
    Findings "认定：" | "findings: ";
    Nothing "" | "";
    Conversion "折算依据：" | "conversion: ";
    Parameter "未载入的数：" | "number not loaded: ";
    Registry "登记册" | "registry";

    // Plans above.
    UpperNumber "上位规划的数" | "the plan above";
    UpperPlan "上位规划" | "plan above";
    PlanLoaded "已载入" | "loaded";
    PlanNotLoaded "未载入，它的数是缺的参数" | "not loaded, its numbers are missing";
    AuthorityChecks "待本部门核查：" | "to be checked by the authority: ";
    ExceptionFired "除外已成立：" | "excepted by ";
    ApplicabilityUnknown "是否适用未定，适用也符合" | "satisfied whether or not it applies";
    Possible "可能：" | "possibly ";

    // Remedies.
    RaiseTo "增至" | "raised to";
    LowerTo "减至" | "lowered to";
    RaiseAbove "增至多于" | "raised above";
    LowerBelow "减至少于" | "lowered below";
    ChangeTo "改为" | "changed to";
    Supply "补 " | "with ";
    SupplyBelow "补齐下列各项" | "with all that is wanted below";
    StillForDecision " 仍需论证" | " still for decision";
    NoRemedy "无法仅以调整数值补正" | "no adjustment alone helps";
    InTheWay "相互制约的条款：" | "clauses in each other's way: ";
    NotMetBy "未能解决的条款：" | "left by it: ";

    // The written opinion.
    Opinion "规划审查意见" | "Opinion on conformity with the plan";
    CaseSection "申请概况" | "The application";
    GroundsSection "审查依据" | "Grounds";
    ConclusionSection "结论" | "Conclusion";
    ViolatedSection "不符合项" | "What does not conform";
    ClauseSection "逐条意见" | "Clause by clause";
    ApplicantSection "补正清单" | "Wanted from the applicant";
    AuthoritySection "核查清单" | "To be checked by the authority";
    DecisionSection "需论证事项" | "For decision";
    AuthorityDutySection "本部门办理事项" | "Duties of the authority";
    DutySection "附带义务" | "Later duties";
    ReadingSection "适用口径" | "Readings taken";
    RemedySection "调整建议" | "Adjustment";
    ReceiptSection "审查记录" | "Record of the review";
    SignatureSection "签栏" | "Signatures";
    Item "事项" | "item";
    Content "内容" | "content";
    ClauseColumn "条款" | "clause";
    CitationColumn "依据" | "cited";
    RequirementColumn "要求" | "required";
    GivenColumn "申请" | "application";
    StatusColumn "结论" | "finding";
    ShortfallColumn "差额" | "shortfall";
    StageColumn "阶段" | "stage";
    AsOfRow "截至日" | "as of";
    NoDate "未指定" | "not given";
    EngineRow "引擎" | "engine";
    LanguageRow "语言版本" | "language version";
    FactsRow "事实文件（sha256）" | "facts (sha256)";
    RulesRow "规则文件（sha256）" | "rule files (sha256)";
    ChosenReadings "指定的口径" | "readings chosen";
    RuleAt "条文位置" | "rule at";
    FactAt "申请位置" | "fact at";
    WayThrough "可突破：" | "way through: ";
    Reviewer "审查人" | "reviewed by";
    Checker "复核人" | "checked by";
    Head "负责人" | "approved by";
    Date "日期" | "date";
    Yes "是" | "yes";
    No "否" | "no";

    // Notes on the head.
    AsOfUnknown "未指定日期，按规划期内审查" | "no date given, reviewed as within the plan's period";
    PeriodEnded "规划期已届满，条款在新规划发布前照用" | "the plan's period has ended; its clauses stand until it is replaced";
    PeriodNotBegun "截至日在规划期开始之前" | "as of a day before the plan's period begins";
    RegistryIncomplete "登记册里有记录用不了，没有计入，指标余量不完整" | "records of the registry could not be used: what is left of totals and numbers is not the whole";
    RowUnverified "据以推算的一行尚未与公文原件核实" | "the row that the class was derived from has not been checked against the norm itself";
    RemedyTooMany "可调整的组合过多，未求调整建议" | "too many adjustments to try; none is proposed";
    QuotasUnchecked "未核总量与数量指标" | "totals and numbers not checked";
    UpperUnloaded "未载入上位规划" | "plans above not loaded";

    // What a clause says.
    Must "必须" | "must";
    MustNot "禁止" | "must not";
    RestrictedForce "限制" | "restricted";
    InPrincipleForce "原则上" | "in principle";
    Should "宜" | "should";
    ExpectedForce "预期性" | "expected";
    Encouraged "鼓励" | "encouraged";
    Permitted "可" | "permitted";
    Binding "约束性" | "binding";
    ExpectedAttribute "预期性" | "expected";
    Unmarked "未标注" | "unmarked";
    ForceRow "效力" | "force";
    SubjectRow "所及" | "subject";
    OfRegistry "登记册" | "the registry";
    OfAuthority "主管部门" | "the authority";
    DutyHolderRow "义务人" | "duty-holder";
    GeneralRow "通则" | "general";
    General "适用于一切申请，不使申请成为规划已有规定" | "speaks of every case without making one covered";
    PrevailsOver "优先于" | "prevails over";
    WayThroughRow "可突破" | "way through";
    QuoteDiffers "引文差异" | "quote differs";
    Reason "理由" | "reason";
    AppliesRow "适用" | "applies";
    SelectorRow "对象" | "of";
    ExceptionRow "除外" | "except";
    ReadingRow "口径" | "reading";
    OtherReadingRow "另一口径" | "other reading";

    // Problems.
    Fault "错误" | "error";
    Caution "警告" | "warning";
    Help "帮助：" | "help: ";
    Mended "改为：" | "write: ";
    NoProblems "没有发现问题" | "no problems found";
}

impl Word {
    /// A ruling as the head states it.
    pub(crate) const fn of_verdict(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Admissible => Self::Admissible,
            Verdict::NotCovered => Self::NotCovered,
            Verdict::ForDecision => Self::ForDecision,
            Verdict::Incomplete => Self::Incomplete,
            Verdict::Refused => Self::Refused,
        }
    }

    /// A ruling in the middle of a line.
    pub(crate) const fn of_verdict_short(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Admissible => Self::AdmissibleShort,
            Verdict::NotCovered => Self::NotCoveredShort,
            Verdict::ForDecision => Self::ForDecisionShort,
            Verdict::Incomplete => Self::IncompleteShort,
            Verdict::Refused => Self::RefusedShort,
        }
    }

    /// A clause's status.
    pub(crate) const fn of_status(status: Status) -> Self {
        match status {
            Status::NotApplicable => Self::NotApplicable,
            Status::Satisfied => Self::Satisfied,
            Status::Discretion => Self::Discretion,
            Status::Undetermined => Self::Undetermined,
            Status::Violated => Self::Violated,
        }
    }

    /// How the underlined requirement is labelled, by the code of its force.
    pub(crate) fn of_requirement(force: &str) -> Self {
        match force {
            "must-not" => Self::ForbiddenHere,
            "restricted" => Self::RestrictedHere,
            "in-principle" => Self::PrincipleHere,
            "should" | "expected" | "encouraged" | "permitted" => Self::AdvisedHere,
            _ => Self::RequiredHere,
        }
    }

    /// A force that a line names, by its code; none for a plain demand.
    pub(crate) fn of_force(force: &str) -> Option<Self> {
        match force {
            "must-not" => Some(Self::Forbidden),
            "restricted" => Some(Self::Restricted),
            "in-principle" => Some(Self::InPrinciple),
            "should" | "expected" | "encouraged" | "permitted" => Some(Self::Advised),
            _ => None,
        }
    }

    /// What a comparison's sign says before a bound.
    pub(crate) fn of_operator(operator: &str) -> Self {
        match operator {
            ">=" => Self::AtLeast,
            "<=" => Self::AtMost,
            ">" => Self::Above,
            "<" => Self::Below,
            "!=" => Self::NotEqualTo,
            "~" => Self::About,
            "in" => Self::OneOf,
            _ => Self::EqualTo,
        }
    }

    /// The same before a day.
    pub(crate) fn of_day_operator(operator: &str) -> Self {
        match operator {
            ">=" => Self::NotBefore,
            "<=" => Self::NotAfter,
            ">" => Self::After,
            "<" => Self::Before,
            _ => Self::of_operator(operator),
        }
    }

    /// What is printed beside an indicator, by its code.
    pub(crate) fn of_attribute(code: &str) -> Option<Self> {
        match code {
            "binding" => Some(Self::Binding),
            "expected" => Some(Self::ExpectedAttribute),
            "unmarked" => Some(Self::Unmarked),
            _ => None,
        }
    }

    /// A note by its code; none for a code of a later version.
    pub(crate) fn of_note(code: &str) -> Option<Self> {
        match code {
            "as-of-unknown" => Some(Self::AsOfUnknown),
            "plan-period-ended" => Some(Self::PeriodEnded),
            "plan-period-not-begun" => Some(Self::PeriodNotBegun),
            "row-unverified" => Some(Self::RowUnverified),
            "remedy-too-many-candidates" => Some(Self::RemedyTooMany),
            "registry-incomplete" => Some(Self::RegistryIncomplete),
            "quotas-not-checked" => Some(Self::QuotasUnchecked),
            "upper-not-loaded" => Some(Self::UpperUnloaded),
            _ => None,
        }
    }
}

/// The sign that stands for a status, with or without colour.
pub(crate) const fn sign(status: Status) -> &'static str {
    match status {
        Status::NotApplicable => "○",
        Status::Satisfied => "✓",
        Status::Discretion => "!",
        Status::Undetermined => "?",
        Status::Violated => "×",
    }
}

/// A list as the language writes it: `A、B` or `A, B`.
pub(crate) fn listed<S: AsRef<str>>(language: Language, items: &[S]) -> String {
    let separator = match language {
        Language::Chinese => "、",
        Language::English => ", ",
    };
    items.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(separator)
}
