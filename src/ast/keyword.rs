//! The words that open items and entries, in both languages.

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident $chinese:literal $english:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$variant_meta])* #[doc = concat!("`", $chinese, "` `", $english, "`")] $variant,)*
        }

        impl $name {
            /// All of them, in the order of the language's table of spellings.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The Chinese spelling.
            #[must_use]
            pub const fn chinese(self) -> &'static str {
                match self { $(Self::$variant => $chinese,)* }
            }

            /// The English spelling.
            #[must_use]
            pub const fn english(self) -> &'static str {
                match self { $(Self::$variant => $english,)* }
            }

            /// The one spelled so, in either language; English in lower case.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word {
                    $($chinese | $english => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

words! {
    /// What opens an item.
    ItemKind {
        Use "引用" "use",
        Plan "规划" "plan",
        Vocabulary "词汇" "vocabulary",
        Clause "条款" "clause",
        Indicator "指标" "indicator",
        Table "表" "table",
        Zone "分区" "zone",
        Block "区块" "block",
        Figure "数据" "figure",
        Case "试算" "case",
        Advisory "不作判定" "advisory",
        Phrase "说法" "phrase",
        Constraint "事实约束" "constraint",
        Unit "单位" "unit",
        Basis "计量基准" "basis",
        Enumeration "枚举" "enum",
        Taxonomy "分类" "taxonomy",
        Entity "对象" "entity",
        HeadNoun "词头" "head-noun",
    }
}

words! {
    /// What opens an entry.
    Role {
        Cite "依据" "cite",
        Applies "适用" "applies",
        Except "除外" "except",
        Reading "口径" "reading",
        OtherReading "另一口径" "other-reading",
        Reason "理由" "reason",
        Subject "所及" "subject",
        DutyHolder "义务人" "duty-holder",
        Stage "环节" "stage",
        Force "效力" "force",
        Attribute "属性" "attribute",
        Checked "考核方式" "checked",
        TargetYear "目标年" "target-year",
        Column "列" "column",
        Empty "空白单元格" "empty",
        EachRow "每行" "each-row",
        Reckon "核对" "reckon",
        Given "情形" "given",
        Expect "结论" "expect",
        WayThrough "可突破" "way-through",
        AllOf "须同时" "all-of",
        PrevailsOver "优先于" "prevails-over",
        DefersTo "从" "defers-to",
        General "通则" "general",
        Implements "落实" "implements",
        QuoteDiffers "引文差异" "quote-differs",
        Region "地区" "region",
        Instrument "文号" "instrument",
        Issued "印发" "issued",
        BaseYear "基期" "base-year",
        Period "规划期" "period",
        Outlook "展望" "outlook",
        Boundary "本数" "boundary",
        DefaultBasis "默认计量基准" "default-basis",
        Entries "对应条目" "entries",
        KindOf "属于" "kind-of",
        SharedEnd "区间" "shared-end",
        RowOf "归行" "row-of",
        Register "条目" "register",
        RegistryEffect "入册" "registry-effect",
    }
}

impl ItemKind {
    /// Whether an id follows the keyword.
    #[must_use]
    pub const fn has_id(self) -> bool {
        matches!(
            self,
            Self::Plan
                | Self::Clause
                | Self::Indicator
                | Self::Table
                | Self::Zone
                | Self::Block
                | Self::Figure
                | Self::Advisory
        )
    }

    /// Whether a quoted title follows.
    #[must_use]
    pub const fn has_title(self) -> bool {
        self.has_id() || matches!(self, Self::Case)
    }
}

impl Role {
    /// Whether its content is the rest of the line, as it stands.
    #[must_use]
    pub const fn is_text(self) -> bool {
        matches!(self, Self::Reason | Self::Instrument | Self::QuoteDiffers | Self::Region)
    }
}
