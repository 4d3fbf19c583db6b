//! Every code, declared once: what is said, and what helps, in both languages. The heads of
//! the pages in `docs/errors/` are made from it.

use super::Language;

/// What the catalogue says of one code. `{0}`, `{1}` … are filled by the problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    name: &'static str,
    titles: [&'static str; 2],
    helps: [&'static str; 2],
}

impl Entry {
    /// The stable code, such as `A0312`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The line that states the fault.
    #[must_use]
    pub const fn title(&self, language: Language) -> &'static str {
        let [chinese, english] = self.titles;
        match language {
            Language::Chinese => chinese,
            Language::English => english,
        }
    }

    /// What helps as a rule.
    #[must_use]
    pub const fn help(&self, language: Language) -> &'static str {
        let [chinese, english] = self.helps;
        match language {
            Language::Chinese => chinese,
            Language::English => english,
        }
    }
}

macro_rules! codes {
    ($($variant:ident $name:literal
        $chinese:literal | $english:literal
        help $chinese_help:literal | $english_help:literal;)*) => {
        /// The stable code of a problem.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = concat!($name, ": ", $english)] $variant,)*
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// What the catalogue says of it.
            #[must_use]
            pub const fn entry(self) -> Entry {
                match self {
                    $(Self::$variant => Entry {
                        name: $name,
                        titles: [$chinese, $english],
                        helps: [$chinese_help, $english_help],
                    },)*
                }
            }
        }
    };
}

codes! {
    NotUtf8 "A0101"
        "文件不是 UTF-8 编码{0}" | "the file is not UTF-8{0}"
        help "另存为 UTF-8 编码后再用" | "save the file as UTF-8";
    HiddenCharacter "A0102"
        "看不见的字符 {0}" | "hidden character {0}"
        help "删去这个字符" | "remove the character";
    UnterminatedQuote "A0103"
        "引号没有收尾" | "a quote is not closed"
        help "在本行内补上收尾的引号" | "close the quote on the same line";
    UnbalancedBracket "A0104"
        "括号不成对" | "a bracket has no partner"
        help "补上或删去一个括号" | "add the missing bracket or remove this one";
    NestingTooDeep "A0105"
        "括号嵌套到第 {0} 层，超过 {1} 层" | "brackets nest {0} deep, more than {1}"
        help "拆成几条条款" | "split it into several clauses";
    LineTooLong "A0106"
        "一行有 {0} 个字符，超过 {1} 个" | "the line has {0} characters, more than {1}"
        help "分成几行，以「、」「且」「或」收尾的行接下一行" | "break the line; one that ends in 、 and or goes on in the next";
    FileTooLarge "A0107"
        "文件有 {0} 字节，超过 {1} 字节" | "the file has {0} bytes, more than {1}"
        help "分成几个文件" | "split it into several files";
    StrayText "A0108"
        "这一行不属于任何条目" | "this line belongs to no item"
        help "以「条款 编号 “标题”」一类的词起头" | "begin an item first, such as `clause ID \"title\"`";
    MalformedHeader "A0109"
        "「{0}」之后应有{1}" | "`{0}` wants {1}"
        help "写成：条款 编号 “标题”" | "write it as: clause ID \"title\"";
    UnexpectedCharacter "A0110"
        "不认识的字符「{0}」" | "unexpected character `{0}`"
        help "删去它，或放进引号" | "remove it, or put it inside quotes";
    TooManyDigits "A0111"
        "数字有 {0} 位，超过 {1} 位" | "the number has {0} digits, more than {1}"
        help "换用较大的单位" | "use a larger unit";
    NothingInFile "A0112"
        "文件里没有条目" | "the file holds no item"
        help "写上「规划」「词汇」或「条款」" | "write a plan, vocabulary or clause";
    BinaryFile "A0113"
        "这不是文本文件" | "this is not a text file"
        help "规则和事实都是 UTF-8 文本" | "rules and facts are UTF-8 text";
    UnknownWord "A0201"
        "不认识的词「{0}」" | "unknown word `{0}`"
        help "检查写法，或在词汇文件里声明" | "check the spelling, or declare it in a vocabulary file";
    AmbiguousCut "A0202"
        "「{0}」有两种断法" | "`{0}` can be cut two ways"
        help "用空格断开" | "force the cut with a space";
    AmbiguousTerm "A0203"
        "「{0}」属于几个字段" | "`{0}` belongs to several fields"
        help "写成「字段 是 值」" | "write `field is value`";
    DuplicateId "A0204"
        "编号「{0}」重复" | "the id `{0}` stands twice"
        help "每条一个编号" | "give each item an id of its own";
    VocabularyNotFound "A0205"
        "找不到词汇「{0}」" | "no vocabulary `{0}`"
        help "放在规则旁边，或 vocabulary 文件夹里" | "put it beside the rules or into the vocabulary folder";
    CircularUse "A0206"
        "词汇互相引用：{0}" | "vocabularies use each other in a circle: {0}"
        help "去掉其中一个引用" | "remove one of the uses";
    DuplicateName "A0207"
        "「{0}」已另有所指" | "`{0}` already means something else"
        help "换一个名字" | "choose another name";
    ReservedWord "A0208"
        "「{0}」是语言的保留词" | "`{0}` is a reserved word"
        help "换一个名字" | "choose another name";
    UnknownClause "A0209"
        "没有条款「{0}」" | "no clause `{0}`"
        help "检查编号" | "check the id";
    CircularGenus "A0210"
        "分类成环：{0}" | "a genus circle: {0}"
        help "去掉其中一个上位" | "remove one of the genera";
    MixedConnectives "A0301"
        "「且」与「或」混用而没有括号" | "`and` and `or` are mixed without brackets"
        help "加上括号" | "add brackets";
    IncompletePhrase "A0302"
        "话没有说完：{0}" | "an incomplete phrase: {0}"
        help "补全字段、比较词和数值" | "give the field, the comparator and the value";
    RequiresNothing "A0303"
        "这一句没有提出要求" | "this phrase requires nothing"
        help "写明「字段 不低于 数值」，或用「禁止」「限制」" | "say `field >= value`, or use a ban or a restriction";
    MalformedEntry "A0304"
        "「{0}」的内容看不懂" | "the content of `{0}` is not understood"
        help "参照语言手册的写法" | "see the language reference";
    UnreadEntry "A0305"
        "「{0}」里没有写「{1}」的地方" | "`{0}` has no place for `{1}`"
        help "改正这一行，或移到读它的条目里" | "correct the line, or move it to an item that reads it";
    EntryTwice "A0306"
        "「{0}」写了两次" | "`{0}` stands twice"
        help "删去一个" | "remove one";
    EmptyEntry "A0307"
        "「{0}」后面没有写{1}" | "`{0}` is not followed by {1}"
        help "补上，或删去这一行" | "add it, or remove the line";
    WrongType "A0311"
        "类型不合：{0}" | "types do not fit: {0}"
        help "换用合适的字段或数值" | "use a fitting field or value";
    DimensionClash "A0312"
        "单位不合：要求的是 {0}，字段是 {1}" | "units do not fit: the bound is {0}, the field is {1}"
        help "改用字段的单位，或在字段声明中允许两种量" | "use a unit of the field, or let the field's declaration allow both";
    UnknownBasis "A0313"
        "计量基准不合：{0}" | "the basis does not fit: {0}"
        help "写明词汇中声明的计量基准" | "name a basis that the vocabulary declares";
    MissingUnit "A0314"
        "「{0}」缺少单位" | "`{0}` has no unit"
        help "在数值后面写明单位" | "write the unit behind the number";
    NoSuchDate "A0315"
        "没有这一天：{0}" | "no such date: {0}"
        help "日期写成 2025-12-31" | "write dates as 2025-12-31";
    DirectionNeeded "A0316"
        "「{0}」没有说明是上限还是下限" | "`{0}` does not say whether it is a floor or a cap"
        help "在后面写（上限）（下限）或（上下限）" | "add (cap), (floor) or (both)";
    UnorderedEnumeration "A0317"
        "「{0}」没有高低次序" | "`{0}` has no order"
        help "用「是」，或在词汇中声明 有序" | "use `is`, or declare the enumeration ordered";
    NeverBoth "A0318"
        "不会同时成立：{0}" | "these never hold together: {0}"
        help "改正其中一个；二者居其一的，写「甲、乙」或「甲 或 乙」" | "correct one of them; where either is enough, list them with `、` or `or`";
    OutsideWhole "A0319"
        "「{0}」不会是 {1}：{2}" | "`{0}` is never {1}: {2}"
        help "检查这个数" | "check the number";
    EmptyClause "A0401"
        "条款「{0}」没有内容" | "clause `{0}` has no body"
        help "写明要求；不作判定的，改为「不作判定」条目" | "write what it requires, or make it advisory";
    WhoseFinding "A0402"
        "「{0}」没有说明由谁认定" | "`{0}` does not say whose finding it is"
        help "写（申请人举证）（本部门核查）或（推定不属于）" | "add (applicant shows), (authority checks) or (presumed not)";
    QuoteNumber "A0403"
        "条款写的是 {0}，引文里没有这个数" | "the clause says {0}, its quote does not"
        help "改正数字；确有差异的，写「引文差异 理由」" | "correct the number, or state the difference with its reason";
    MissingCitation "A0404"
        "条款「{0}」没有依据" | "clause `{0}` cites nothing"
        help "写上「依据 章节 「原文」」" | "add `cite section \"quote\"`";
    UnreasonedShould "A0405"
        "「效力 宜」没有理由" | "force `should` has no reason"
        help "在同一条写「理由 …」" | "add `reason …`";
    MalformedOpenList "A0406"
        "「等」的用法看不懂" | "`等` is not understood here"
        help "写成 等（列举已尽），或 等 上位词" | "write 等（列举已尽）, or 等 with a genus";
    UnreasonedReading "A0407"
        "口径「{0}」没有理由" | "reading `{0}` has no reason"
        help "在口径后写「理由 …」" | "add `reason …` to the reading";
    CircularPrecedence "A0408"
        "优先关系成环：{0}" | "precedence goes in a circle: {0}"
        help "去掉其中一个「优先于」" | "remove one of the precedences";
    QuoteComparator "A0409"
        "条款是「{0}」，引文是「{1}」" | "the clause says `{0}`, its quote says `{1}`"
        help "改正比较词；确有差异的，写「引文差异 理由」" | "correct the comparator, or state the difference with its reason";
    UnreasonedAdvisory "A0410"
        "「{0}」不作判定而没有理由" | "`{0}` is advisory without a reason"
        help "写「理由 …」" | "add `reason …`";
    MixedForces "A0411"
        "条款「{0}」的各句轻重不同：{1}" | "the phrases of clause `{0}` differ in force: {1}"
        help "分成几条，各给编号" | "split it into clauses with ids of their own";
    ReckoningFails "A0412"
        "规划的数对不上：{0}，{1}" | "the plan's figures do not add up: {0} {1}"
        help "核对引文；规划原文如此的，写「# adit: allow A0412 理由」" | "check the quote; where the plan prints it so, write `# adit: allow A0412 reason`";
    UnknownFigure "A0413"
        "没有数据「{0}」" | "no figure `{0}`"
        help "检查编号；没有数值的数据不能参与核对" | "check the id; a figure without a value cannot be reckoned with";
    FixedInReadings "A0414"
        "另一口径不能改变「{0}」" | "another reading cannot change `{0}`"
        help "移到「另一口径」之前，或把两种读法写成两条" | "move it before `other-reading`, or make an item of each reading";
    IncompleteCase "A0415"
        "试算「{0}」没有写「{1}」" | "case `{0}` has no `{1}`"
        help "写明「情形 …」和「结论 编号 状态」" | "write `given …` and `expect ID status`";
    MalformedTable "A0421"
        "表「{0}」看不懂：{1}" | "table `{0}` is not understood: {1}"
        help "第一行是表头，每列写明「列 名称：作用」" | "the first row is the head; give each column a role: `column name: role`";
    RaggedRow "A0422"
        "这一行有 {0} 格，表头有 {1} 格" | "this row has {0} cells, the head has {1}"
        help "缺的格补上竖线，合并的格拆开后各写各的" | "add the missing bars; write a merged cell out in each row";
    UnknownCell "A0423"
        "单元格「{0}」不是{1}" | "cell `{0}` is no {1}"
        help "检查写法；空白的写法用「空白单元格」声明" | "check the spelling; declare marks of emptiness with `empty`";
    UndeclaredEmpty "A0424"
        "空白单元格「{0}」没有说明是什么意思" | "the empty cell `{0}` has no declared meaning"
        help "写上「空白单元格 空白 未规定」一类的话" | "declare it: `empty blank unspecified`";
    RowsOverlap "A0425"
        "两行都管「{0}」" | "two rows speak of `{0}`"
        help "删去一行，或写「归行 甲 按 乙」" | "remove one, or write `row-of A by B`";
    CellCount "A0426"
        "「{0}」分成 {1} 份，本行的括号有 {2} 项" | "`{0}` has {1} parts, the bracket of the row has {2}"
        help "份数和括号里的项数要相同，或只写一个数" | "give as many parts as the bracket has, or one for all";
    RowsRise "A0427"
        "由大到小的列里「{0}」不小于左边的「{1}」" | "`{0}` is not below `{1}` to its left in columns that fall"
        help "检查两格的数" | "check the two cells";
    DuplicatePlace "A0428"
        "「{0}」已经有了" | "`{0}` stands twice"
        help "一个分区或区块只写一次" | "declare each zone or block once";
    ClassesApart "A0429"
        "各级不相衔接：{0}" | "the classes do not meet: {0}"
        help "检查两格的起止，或用「空白单元格」声明不设的级" | "check where the two cells begin and end, or declare classes that do not exist as empty";
    NotImplemented "A0431"
        "「{0}」不是本规划落实的规划" | "`{0}` is no plan that this plan implements"
        help "在本规划写「落实：“标题”」，或换用落实的那部规划" | "write `implements: \"title\"` in this plan, or give the plan that it implements";
    UnknownParameter "A0432"
        "上位规划里取不到「{0}」" | "no number `{0}` in the plan above"
        help "「从」后面写上位规划的数据、条款或表的标题" | "behind `defers to` stands the title of a figure, clause or table of the plan above";
    LooserThanUpper "A0433"
        "比上位规划宽：{0}，上位规划是 {1}" | "looser than the plan above: {0}, where that says {1}"
        help "照上位规划改；看过而规划原文如此的，写「# adit: allow A0433 理由」" | "follow the plan above; where the plan is printed so, write `# adit: allow A0433 reason`";
    DiagramTooLarge "A0501"
        "条款「{0}」分支过多（{1} 个结点，上限 {2}）：{3}" | "clause `{0}` branches too much ({1} nodes of at most {2}): {3}"
        help "拆成几条条款" | "split it into several clauses";
    TooManyClauses "A0502"
        "条款 {0} 条，超过 {1} 条" | "{0} clauses, more than {1}"
        help "分成几部规划" | "split them into several plans";
    TooManyReadings "A0503"
        "条款「{0}」的口径组合起来超过 {1} 种" | "the readings of clause `{0}` combine in more than {1} ways"
        help "减少另一口径，或减少优先于它的条款" | "take away readings, or clauses that prevail over it";
    MalformedFacts "A0601"
        "事实文件读不通：{0}" | "the facts cannot be read: {0}"
        help "检查括号、引号和逗号" | "check brackets, quotes and commas";
    DuplicateKey "A0602"
        "「{0}」写了两次" | "`{0}` stands twice"
        help "删去一个" | "remove one";
    UnknownKey "A0603"
        "没有「{0}」这一项" | "no fact is called `{0}`"
        help "检查名称" | "check the name";
    BareNumber "A0604"
        "「{0}」缺少单位" | "`{0}` has no unit"
        help "写成带单位的文字" | "write it as text with its unit";
    WrongFactType "A0605"
        "「{0}」应为{1}" | "`{0}` should be {1}"
        help "按事实表的类型填写" | "follow the type in the table of facts";
    FactNotANumber "A0606"
        "「{0}」不是数" | "`{0}` is not a number"
        help "写成十进制数字加单位" | "write a decimal number with its unit";
    FactDimension "A0607"
        "「{0}」的单位应为 {1}，写的是 {2}" | "`{0}` is measured in {1}, the facts say {2}"
        help "改用 {1}" | "use {1}";
    OutsideDomain "A0608"
        "「{0}」应{1}" | "`{0}` must be {1}"
        help "改正数值" | "correct the value";
    FactDate "A0609"
        "没有这一天：{0}" | "no such date: {0}"
        help "日期写成 2025-12-31" | "write dates as 2025-12-31";
    UnknownMember "A0610"
        "「{0}」里没有「{1}」" | "`{0}` has no value `{1}`"
        help "检查写法" | "check the spelling";
    ListForOne "A0611"
        "「{0}」只能有一个值" | "`{0}` takes one value"
        help "只写一个" | "give one";
    FactsContradict "A0612"
        "事实互相矛盾：{0}" | "the facts contradict each other: {0}"
        help "改正其中一项" | "correct one of them";
    OtherRegion "A0613"
        "申请在「{0}」，规划管「{1}」" | "the case lies in `{0}`, the plan governs `{1}`"
        help "换用当地的规划" | "use the plan of that region";
    FactsTooDeep "A0614"
        "嵌套到第 {0} 层，超过 {1} 层" | "nested {0} deep, more than {1}"
        help "事实文件只有几层" | "a fact file has a few levels";
    FactsTooLarge "A0615"
        "事实文件有 {0} 字节，超过 {1} 字节" | "the facts have {0} bytes, more than {1}"
        help "一行一案，用 JSON Lines" | "give one case a line, as JSON Lines";
    DerivedDisagrees "A0616"
        "「{0}」写的是 {1}，算出来是 {2}，以算出来的为准" | "`{0}` is given as {1} but comes out as {2}, which decides"
        help "改正其中一项" | "correct one of them";
    TopLevelArray "A0617"
        "事实文件最外层是列表" | "the facts are a list at the top"
        help "一行一案，用 JSON Lines" | "write one case a line, as JSON Lines";
    FactDigits "A0618"
        "「{0}」的数字有 {1} 位，超过 {2} 位" | "`{0}` has {1} digits, more than {2}"
        help "换用较大的单位" | "use a larger unit";
    AlreadyInRegistry "A0621"
        "登记册里已经有「{0}」" | "`{0}` is in the registry already"
        help "新增的不应已在登记册中；改写所办的事，或换名称、编号" | "what is added cannot be there yet: correct what is applied for, or the name or id";
    NotInRegistry "A0622"
        "登记册里没有「{0}」" | "`{0}` is not in the registry"
        help "按编号或名称对应登记册中的一个矿山" | "give the id or the name of one mine of the registry";
    SeveralInRegistry "A0623"
        "登记册里有几个「{0}」" | "the registry has several of `{0}`"
        help "写上编号" | "give the id";
    NamelessCase "A0624"
        "申请没有编号，也没有名称，无法与登记册对应" | "the case has neither id nor name to find it by in the registry"
        help "写上「编号」或「名称」" | "give `id` or `name`";
    NoActivity "A0625"
        "申请没有写明办理事项，不知道办理之后登记册会怎样" | "the case does not say what is applied for, so that the registry after it is not known"
        help "写上「办理事项」" | "give the activity";
    NoRules "A0701"
        "「{0}」里没有规则文件" | "no rule files in `{0}`"
        help "规则文件以 .adit 结尾" | "rule files end in .adit";
    CannotRead "A0702"
        "读不了「{0}」：{1}" | "cannot read `{0}`: {1}"
        help "检查路径和权限" | "check the path and permissions";
    UnknownReading "A0704"
        "条款「{0}」没有口径「{1}」" | "clause `{0}` has no reading `{1}`"
        help "可用的口径见 adit explain" | "see `adit explain` for the readings there are";
    NotATable "A0801"
        "「{0}」不是矿山名册：{1}" | "`{0}` is no list of mines: {1}"
        help "给 CSV、XLSX、XLS、JSON、JSON Lines 或 YAML" | "give CSV, XLSX, XLS, JSON, JSON Lines or YAML";
    WorkbookPassword "A0802"
        "工作簿「{0}」加了密码" | "the workbook `{0}` is protected by a password"
        help "去掉密码后另存，再用" | "save it without the password";
    UnknownColumn "A0803"
        "没有「{0}」这一列" | "no fact is called `{0}`, as this column is"
        help "改成词汇中的名称；只供人看的列，叫「备注」" | "use a name of the vocabulary; call a column for people only `remarks`";
    NoHeader "A0804"
        "找不到表头" | "there is no header row"
        help "要有一行写列名，单位写在列名后的括号里" | "one row has to name the columns, with units in brackets behind them";
    CellsBeyondHeader "A0805"
        "这一行有的格没有表头：{0}" | "a cell of this row stands under no header: {0}"
        help "看这一行是不是多了分隔符，或给这一列写上表头" | "look for a separator too many, or give the column a header";
    DamagedWorkbook "A0806"
        "工作簿「{0}」不完整或已损坏：{1}" | "the workbook `{0}` is cut short or damaged: {1}"
        help "重新下载，或打开后另存" | "download it again, or open it and save it anew";
    IdTwice "A0807"
        "编号「{0}」有两条记录" | "two records have the id `{0}`"
        help "删去一条，或改正编号" | "remove one, or correct the id";
    ColumnTwice "A0808"
        "「{0}」有两列" | "`{0}` has two columns"
        help "删去一列，或改正列名" | "remove one, or correct its name";
    UnreadableCharacters "A0809"
        "这一行有读不出的字符" | "characters of this row cannot be read"
        help "按原来的编码重新导出，最好是 UTF-8" | "export the file again, best as UTF-8";
    CellOverLines "A0810"
        "一格跨了 {0} 行" | "one cell goes over {0} lines"
        help "检查这一格的引号有没有收尾" | "check that the quote of this cell is closed";
    UnclearCell "A0811"
        "「{0}」这一格读不准：{1}" | "the cell of `{0}` is not clear: {1}"
        help "改成文字，写全" | "make it text and write it in full";
    UnusableCensus "A0812"
        "这份计数用不了：{0}" | "this count of mines cannot be used: {0}"
        help "用同一套规则、同一截至日、同一口径重新计数" | "count again by the same rules, as of the same day and in the same readings";
    ColumnType "A0821"
        "「{0}」这一列是 {1}，读不出事实" | "column `{0}` is of type {1}, which holds no facts"
        help "改成文字、整数、小数、日期、是否，或它们的字典、列表" | "make it text, whole numbers, decimals, days, yes-no, or a dictionary or list of these";
    NotVerbatim "A0901"
        "{0} 的引文与原文不符" | "the quote of {0} does not stand in the plan"
        help "照原文改正引文" | "quote the plan verbatim";
    QuoteNotLocked "A0902"
        "{0} 的引文与锁文件不符：{1}" | "the quote of {0} differs from the lock: {1}"
        help "对照原文重写锁文件：adit cite 规则 --source 原文" | "write the lock anew from the plan: adit cite RULES --source FILE";
    PlanUnreadable "A0903"
        "读不出「{0}」的文字：{1}" | "no text can be read from `{0}`: {1}"
        help "给文本文件、.docx，或有文字层的 PDF" | "give a text file, a .docx, or a PDF with a text layer";
    LockUnreadable "A0904"
        "锁文件读不通：{0}" | "the lock cannot be read: {0}"
        help "重写：adit cite 规则 --source 原文" | "write it anew: adit cite RULES --source FILE";
    PlanDiffers "A0905"
        "规划原文与锁文件所记的不同：{0}" | "the plan's text differs from the lock's: {0}"
        help "确认是新的原文后重写锁文件" | "write the lock anew once the text is known to be the right one";
}
