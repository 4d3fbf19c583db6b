//! What the command line says of itself, once, in both languages.

use adit::diagnostic::Language;

macro_rules! words {
    ($($variant:ident $chinese:literal | $english:literal;)*) => {
        /// A text of the command line.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Say {
            $($variant,)*
        }

        impl Say {
            /// The text in one language.
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
    About "按矿产资源规划审查采矿、探矿申请" | "Rules on mining and exploration applications under county mineral plans";
    CheckAbout "检查规则文件，列出全部问题" | "List every problem of rule files";
    ReviewAbout "审查一宗申请" | "Rule on an application";
    ExplainAbout "说明一条条款的要求、依据、除外和口径" | "Say what a clause demands, with its law, exceptions and readings";
    FactsAbout "列出规则要读的事实，写出一份空表" | "List the facts that the rules read, as an empty form";
    TestAbout "运行写在规则文件里的试算" | "Run the cases written in rule files";
    GenerateHelp "另按条款里的每个数造出试算：恰好、略低、略高、缺项、错单位" | "Also make cases of every bound: on it, below, above, missing, in a wrong unit";
    AssessAbout "按规划的指标评估一份矿山登记册" | "Assess a registry of mines against the plan's indicators";
    AuditAbout "重新核算规划印出的数，列出对不上的" | "Work out the plan's printed sums again, and list those that do not come out";
    AssessUsage "[选项] --registry <文件> <规则>..." | "[OPTIONS] --registry <FILE> <RULES>...";
    RowsLeftOut "登记册里有记录用不了（见上），没有计入" | "records of the registry could not be used (see above) and are not counted";
    BaseHelp "以前年份的登记册，用于与那一年相比的指标" | "The registry of an earlier year, for changes against it";
    RulingsHelp "逐个矿山的审查结论写到这里（JSON Lines）" | "Write the ruling of each mine here (JSON Lines)";
    Missing "没有落实" | "not accounted for";
    CoverageAbout "列出规划条文的落实情况：已成条款、不作判定、数据" | "Account for the plan: encoded, advisory, figures";
    CiteAbout "逐字核对引文与规划原文，写成锁文件" | "Hold quotes against the plan, word by word, and lock them";
    SourceHelp "规划原文：文本、.docx 或有文字层的 PDF；不给时只核对锁文件与规则"
        | "The plan: a text, .docx or PDF with a text layer; without it the lock is held against the rules";
    LockHelp "锁文件（默认为规则旁的 cite.lock）" | "The lock (cite.lock beside the rules unless given)";
    CheckHelp "只与锁文件比较，不写；不同则退出码 1" | "Compare with the lock and write nothing; exit code 1 where they differ";
    Rules "规则文件或文件夹" | "Rule files or folders";
    UpperHelp "上位规划的规则文件或文件夹，本规划「落实」的，可多次写"
        | "Rule file or folder of a plan that this one implements; may be repeated";
    RulesName "规则" | "RULES";
    ClauseName "条款" | "CLAUSE";
    ClauseHelp "条款编号，如 YC-097" | "The id of a clause, such as YC-097";
    FactsHelp "事实文件：JSON、YAML 或 JSON Lines；- 为标准输入" | "The facts: JSON, YAML or JSON Lines; - is standard input";
    RegistryHelp "名册：CSV、XLSX、XLS、JSON、JSON Lines 或 YAML，逐条写成 JSON Lines；- 为标准输入"
        | "A list of mines: CSV, XLSX, XLS, JSON, JSON Lines or YAML, written as JSON Lines; - is standard input";
    FileName "文件" | "FILE";
    AsOfHelp "截至日，如 2025-01-01；today 为今天" | "The day as of which to rule, such as 2025-01-01, or today";
    DateName "日期" | "DATE";
    ReadingHelp "另取一条条款的口径，可多次写" | "Take another reading of a clause; may be repeated";
    ReadingName "条款=口径" | "CLAUSE=NAME";
    ExplainHelp "只列这一矿山的整份意见" | "Print the whole ruling of this mine instead";
    MineName "编号或名称" | "ID";
    NoSuchMine "名册里没有「{}」" | "the list has no mine `{}`";
    AskHelp "逐项询问缺少的事实" | "Ask for facts that are missing";
    AllHelp "符合的和不适用的条款也列出" | "List satisfied and not applicable clauses, too";
    FormatHelp "输出格式" | "How to write the result";
    FormatName "格式" | "FORMAT";
    LangHelp "语言（默认按 LC_ALL、LANG）" | "Language (by LC_ALL and LANG unless given)";
    LangName "语言" | "LANGUAGE";
    ColorHelp "颜色" | "Colour";
    ColorName "时机" | "WHEN";
    DenyHelp "把警告当作发现的问题（退出码 1）" | "Take warnings for findings (exit code 1)";
    HelpHelp "显示帮助" | "Print help";
    VersionHelp "显示版本" | "Print version";
    Usage "用法" | "Usage";
    RootUsage "[选项] <命令>" | "[OPTIONS] <COMMAND>";
    ReviewUsage "[选项] --facts <文件> <规则>..." | "[OPTIONS] --facts <FILE> <RULES>...";
    ExplainUsage "[选项] <规则>... <条款>" | "[OPTIONS] <RULES>... <CLAUSE>";
    CommandUsage "[选项] <规则>..." | "[OPTIONS] <RULES>...";
    Commands "命令" | "Commands";
    Arguments "参数" | "Arguments";
    Options "选项" | "Options";
    ExitCodes "退出码：0 符合规划，或没有发现问题；1 其他结论、试算不合；2 规则、事实或参数用不了"
        | "Exit codes: 0 admissible, or nothing found; 1 any other ruling, a failed case; 2 rules, facts or arguments cannot be used";

    BadArguments "参数有误" | "wrong arguments";
    SeeHelp "用法见 adit --help" | "see adit --help";
    FurtherItems "规则另设的编号" | "items under ids of the rules' own";
    OutputLost "结果没有写完：" | "the result could not be written: ";
    NoTerminal "--ask 要在终端上用，事实不能来自标准输入" | "--ask needs a terminal, and the facts in a file";
    BadAsOf "--as-of 要一个日期（2025-01-01）或 today" | "--as-of wants a date (2025-01-01) or today";
    BadReading "--reading 写成 条款=口径" | "--reading is written CLAUSE=NAME";
    OnlyUtf8 "参数不是 UTF-8" | "an argument is not UTF-8";

    AskHead "以下事实仍可能改变结论；不知道的直接回车" | "These facts could still change the ruling; press Enter where one is not known";
    AskYesNo "（是/否）" | " (yes/no)";
    AskAgain "这样写不行，再写一次：" | "That cannot be used, once more: ";

    Yes "是" | "yes";
    No "否" | "no";
    Expected "应为 " | "expected ";
    Found "得到 " | "found ";
    LaterDuty "附带义务" | "later duty";
    AuthorityDuty "本部门办理事项" | "duty of the authority";
    NoSuchClause "没有这条条款" | "no such clause";
    Encoded "已成条款" | "encoded";
    Advisory "不作判定" | "advisory";
    Untested "没有试算的条款" | "clauses without a case";
    FormHead "空表：不知道的留空，整项删去也可以" | "An empty form: leave blank what is not known, or remove the line";
    ReadBy "用于" | "read by";
    FormQuantity "数量，写单位" | "a quantity with its unit";
    FormDate "日期，如 2025-12-31" | "a date, such as 2025-12-31";
    FormText "文字" | "words";
    FormMany "可多项" | "may be several";
    FormOneOf "其中之一" | "one of";
    FormEmptyList "[] 为都不在" | "[] for none";
    FormConversions "折算：{from, to, factor, source} 的列表" | "conversions: a list of {from, to, factor, source}";
    Line "第 {} 行" | "line {}";
    Note "说明" | "note";
}
