//! The arguments, their help in both languages, and what they mean.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use adit::date::Date;
use adit::diagnostic::Language;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use crate::words::Say;

/// What was asked for.
pub(crate) struct Arguments {
    /// The language to speak.
    pub(crate) language: Language,
    /// When to colour.
    pub(crate) colour: Colour,
    /// Rule files and folders.
    pub(crate) rules: Vec<PathBuf>,
    /// The rules of plans above, one path a plan.
    pub(crate) upper: Vec<PathBuf>,
    /// Whether warnings are findings.
    pub(crate) deny_warnings: bool,
    /// How to write; `None` where that follows from the input.
    pub(crate) format: Option<Format>,
    /// The task.
    pub(crate) task: Task,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Colour {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How to write a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// For a terminal.
    Text,
    /// For programs.
    Json,
    /// For a file that is printed.
    Markdown,
}

/// What is to be done.
pub(crate) enum Task {
    /// List problems.
    Check,
    /// Rule on applications.
    Review(Review),
    /// Say what a clause says.
    Explain {
        /// Its id.
        clause: String,
    },
    /// List facts, or the records of a list of mines.
    Facts {
        /// The list; `-` is standard input.
        registry: Option<PathBuf>,
    },
    /// Run written cases.
    Test {
        /// Whether to list those that passed.
        all: bool,
        /// Whether to make cases of every bound, too.
        generate: bool,
    },
    /// Hold quotes against the plan.
    Cite(Cite),
    /// Account for the plan.
    Coverage,
    /// Work out the plan's printed sums again.
    Audit {
        /// Whether to list those that come out.
        all: bool,
    },
    /// Assess a set of mines.
    Assess(Assess),
}

/// How to assess a set of mines.
pub(crate) struct Assess {
    /// The list of mines; `-` is standard input.
    pub(crate) registry: PathBuf,
    /// The list of an earlier year.
    pub(crate) base: Option<PathBuf>,
    /// Where to write the ruling of each mine.
    pub(crate) rulings: Option<PathBuf>,
    /// The mine, by id or name, whose whole ruling is wanted instead.
    pub(crate) explain: Option<String>,
    /// The day as of which.
    pub(crate) as_of: Option<Date>,
    /// Readings chosen.
    pub(crate) readings: BTreeMap<String, String>,
}

/// How to hold quotes against the plan.
pub(crate) struct Cite {
    /// The plan's text; without it, the lock is held against the rules.
    pub(crate) source: Option<PathBuf>,
    /// The lock; `None` is `cite.lock` beside the rules.
    pub(crate) lock: Option<PathBuf>,
    /// Whether to compare with the lock instead of writing it.
    pub(crate) check: bool,
}

/// How to review.
pub(crate) struct Review {
    /// The fact file; `None` is standard input.
    pub(crate) facts: Option<PathBuf>,
    /// The list of mines that the case stands in or enters.
    pub(crate) registry: Option<PathBuf>,
    /// The day as of which to rule.
    pub(crate) as_of: Option<Date>,
    /// Readings chosen.
    pub(crate) readings: BTreeMap<String, String>,
    /// Whether to ask for missing facts.
    pub(crate) ask: bool,
    /// Whether to list all clauses.
    pub(crate) all: bool,
}

/// Nothing is to be done: a text to print, and the exit code.
pub(crate) struct Stop {
    /// What to print.
    pub(crate) text: String,
    /// Whether it is what was asked for (help, version).
    pub(crate) wanted: bool,
}

/// Reads the arguments.
pub(crate) fn read(arguments: Vec<OsString>, environment: Option<String>) -> Result<Arguments, Stop> {
    let language = language_of(&arguments, environment.as_deref());
    let matches = command(language).try_get_matches_from(arguments).map_err(|error| stop(&error, language))?;
    let Some((name, matches)) = matches.subcommand() else {
        return Err(refused(language, Say::SeeHelp.text(language)));
    };
    let texts = |id: &str| matches.try_get_many::<PathBuf>(id).ok().flatten().into_iter().flatten().cloned();
    let mut rules: Vec<PathBuf> = texts("rules").collect();
    let upper = texts("upper").collect();
    let task = match name {
        "check" => Task::Check,
        "review" => Task::Review(review(matches, language)?),
        "explain" => {
            // RULES... CLAUSE: the last one is the clause.
            let clause = rules.pop().map(|clause| clause.to_string_lossy().into_owned()).unwrap_or_default();
            if rules.is_empty() {
                return Err(refused(language, &format!("adit explain {}", Say::ExplainUsage.text(language))));
            }
            Task::Explain { clause }
        }
        "facts" => Task::Facts { registry: matches.get_one::<PathBuf>("registry").cloned() },
        "cite" => Task::Cite(Cite {
            source: matches.get_one("source").cloned(),
            lock: matches.get_one("lock").cloned(),
            check: matches.get_flag("check"),
        }),
        "test" => Task::Test { all: matches.get_flag("all"), generate: matches.get_flag("generate") },
        "audit" => Task::Audit { all: matches.get_flag("all") },
        "assess" => Task::Assess(assess(matches, language)?),
        _ => Task::Coverage,
    };
    let word = |id: &str| matches.try_get_one::<String>(id).ok().flatten().map(String::as_str);
    let colour = match word("color") {
        Some("always") => Colour::Always,
        Some("never") => Colour::Never,
        _ => Colour::Auto,
    };
    let format = match word("format") {
        Some("json") => Some(Format::Json),
        Some("markdown") => Some(Format::Markdown),
        Some(_) => Some(Format::Text),
        None => None,
    };
    let deny_warnings = word("deny").is_some();
    Ok(Arguments { language, colour, rules, upper, deny_warnings, format, task })
}

fn review(matches: &ArgMatches, language: Language) -> Result<Review, Stop> {
    let facts = matches.get_one::<PathBuf>("facts").filter(|path| path.as_os_str() != "-").cloned();
    let registry = matches.get_one::<PathBuf>("registry").cloned();
    let (as_of, readings) = (as_of(matches, language)?, readings(matches, language)?);
    Ok(Review { facts, registry, as_of, readings, ask: matches.get_flag("ask"), all: matches.get_flag("all") })
}

fn assess(matches: &ArgMatches, language: Language) -> Result<Assess, Stop> {
    let path = |id: &str| matches.get_one::<PathBuf>(id).cloned();
    Ok(Assess {
        registry: path("registry").unwrap_or_else(|| PathBuf::from("-")),
        base: path("base"),
        rulings: path("rulings"),
        explain: matches.get_one::<String>("explain").cloned(),
        as_of: as_of(matches, language)?,
        readings: readings(matches, language)?,
    })
}

fn as_of(matches: &ArgMatches, language: Language) -> Result<Option<Date>, Stop> {
    Ok(match matches.get_one::<String>("as-of").map(String::as_str) {
        None => None,
        Some("today" | "今天") => today(),
        Some(text) => Some(text.parse().map_err(|_| refused(language, Say::BadAsOf.text(language)))?),
    })
}

fn readings(matches: &ArgMatches, language: Language) -> Result<BTreeMap<String, String>, Stop> {
    let mut readings = BTreeMap::new();
    for reading in matches.get_many::<String>("reading").into_iter().flatten() {
        let Some((clause, name)) = reading.split_once('=') else {
            return Err(refused(language, Say::BadReading.text(language)));
        };
        readings.insert(clause.trim().to_owned(), name.trim().to_owned());
    }
    Ok(readings)
}

/// The day on this machine; the library reads no clock.
fn today() -> Option<Date> {
    let today = jiff::Zoned::now().date();
    Date::new(today.year().into(), u8::try_from(today.month()).ok()?, u8::try_from(today.day()).ok()?)
}

/// The language: `--lang`, else the locale's. A locale that says nothing leaves Chinese, the language of the plans.
fn language_of(arguments: &[OsString], environment: Option<&str>) -> Language {
    let texts: Vec<&str> = arguments.iter().filter_map(|argument| argument.to_str()).collect();
    let given = texts.iter().enumerate().find_map(|(index, text)| match text.strip_prefix("--lang") {
        Some("") => texts.get(index + 1).copied(),
        Some(rest) => rest.strip_prefix('='),
        None => None,
    });
    match (given, environment.unwrap_or_default()) {
        (Some("en"), _) => Language::English,
        (Some(_), _) => Language::Chinese,
        (None, locale) => {
            let name = locale.split(['.', '_', '@']).next().unwrap_or_default();
            if matches!(name, "" | "C" | "POSIX" | "zh") { Language::Chinese } else { Language::English }
        }
    }
}

fn command(language: Language) -> Command {
    let say = |text: Say| text.text(language);
    let subcommand = |name: &'static str, about: Say| {
        let rules =
            Arg::new("rules").value_name(say(Say::RulesName)).help(say(Say::Rules)).num_args(1..).required(true);
        shared(
            Command::new(name)
                .about(say(about))
                .arg(rules.value_parser(value_parser!(PathBuf)).help_heading(say(Say::Arguments))),
            language,
        )
    };
    let format = |forms: &'static [&'static str]| choice("format", Say::FormatHelp, Say::FormatName, forms, language);
    let all = || flag("all", Say::AllHelp, language);
    let root = Command::new("adit")
        .version(env!("CARGO_PKG_VERSION"))
        .about(say(Say::About))
        .after_help(say(Say::ExitCodes))
        .subcommand_required(true)
        .disable_help_subcommand(true)
        .disable_version_flag(true)
        .subcommand_help_heading(say(Say::Commands));
    dressed(root, language)
        .arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .help(say(Say::VersionHelp))
                .help_heading(say(Say::Options))
                .action(ArgAction::Version),
        )
        .arg(choice("lang", Say::LangHelp, Say::LangName, &["zh", "en"], language))
        .subcommand(subcommand("check", Say::CheckAbout).arg(format(&["text", "json"])))
        .subcommand(review_command(subcommand("review", Say::ReviewAbout), language))
        .subcommand(explain(language))
        .subcommand(subcommand("facts", Say::FactsAbout).arg(registry(language)).arg(format(&["text", "json"])))
        .subcommand(
            subcommand("test", Say::TestAbout)
                .arg(all())
                .arg(flag("generate", Say::GenerateHelp, language))
                .arg(format(&["text", "json"])),
        )
        .subcommand(assess_command(subcommand("assess", Say::AssessAbout), language))
        .subcommand(subcommand("audit", Say::AuditAbout).arg(all()).arg(format(&["text", "json"])))
        .subcommand(
            subcommand("cite", Say::CiteAbout)
                .arg(option("source", Say::SourceHelp, Say::FileName, language).value_parser(value_parser!(PathBuf)))
                .arg(option("lock", Say::LockHelp, Say::FileName, language).value_parser(value_parser!(PathBuf)))
                .arg(flag("check", Say::CheckHelp, language))
                .arg(format(&["text", "json"])),
        )
        .subcommand(subcommand("coverage", Say::CoverageAbout).arg(format(&["text", "json"])))
}

fn registry(language: Language) -> Arg {
    option("registry", Say::RegistryHelp, Say::FileName, language)
        .value_parser(value_parser!(PathBuf))
        .allow_hyphen_values(true)
}

fn review_command(command: Command, language: Language) -> Command {
    let facts = option("facts", Say::FactsHelp, Say::FileName, language).value_parser(value_parser!(PathBuf));
    command
        .arg(facts.allow_hyphen_values(true).required(true))
        .arg(registry(language))
        .arg(option("as-of", Say::AsOfHelp, Say::DateName, language))
        .arg(option("reading", Say::ReadingHelp, Say::ReadingName, language).action(ArgAction::Append))
        .arg(flag("ask", Say::AskHelp, language))
        .arg(flag("all", Say::AllHelp, language))
        .arg(choice("format", Say::FormatHelp, Say::FormatName, &["text", "json", "markdown"], language))
}

fn assess_command(command: Command, language: Language) -> Command {
    let file = |name: &'static str, help: Say| {
        option(name, help, Say::FileName, language).value_parser(value_parser!(PathBuf)).allow_hyphen_values(true)
    };
    command
        .arg(registry(language).required(true))
        .arg(file("base", Say::BaseHelp))
        .arg(file("rulings", Say::RulingsHelp))
        .arg(option("explain", Say::ExplainHelp, Say::MineName, language))
        .arg(option("as-of", Say::AsOfHelp, Say::DateName, language))
        .arg(option("reading", Say::ReadingHelp, Say::ReadingName, language).action(ArgAction::Append))
        .arg(choice("format", Say::FormatHelp, Say::FormatName, &["text", "json", "markdown"], language))
}

fn explain(language: Language) -> Command {
    let say = |text: Say| text.text(language);
    shared(Command::new("explain").about(say(Say::ExplainAbout)), language).arg(
        Arg::new("rules")
            .value_names([say(Say::RulesName), say(Say::ClauseName)])
            .help(say(Say::ClauseHelp))
            .help_heading(say(Say::Arguments))
            .num_args(1..)
            .required(true)
            .value_parser(value_parser!(PathBuf)),
    )
}

/// The options that every command has.
fn shared(command: Command, language: Language) -> Command {
    dressed(command, language)
        .arg(choice("lang", Say::LangHelp, Say::LangName, &["zh", "en"], language))
        .arg(
            option("upper", Say::UpperHelp, Say::RulesName, language)
                .value_parser(value_parser!(PathBuf))
                .action(ArgAction::Append),
        )
        .arg(choice("color", Say::ColorHelp, Say::ColorName, &["auto", "always", "never"], language))
        .arg(
            option("deny", Say::DenyHelp, Say::DenyHelp, language)
                .value_name("warnings")
                .value_parser(["warnings"])
                .hide_possible_values(true),
        )
}

/// Help in the language, its heads too.
fn dressed(command: Command, language: Language) -> Command {
    let usage = Say::Usage.text(language);
    let say = |text: Say| text.text(language);
    let line = match command.get_name() {
        "adit" => format!("adit {}", say(Say::RootUsage)),
        "review" => format!("adit review {}", say(Say::ReviewUsage)),
        "assess" => format!("adit assess {}", say(Say::AssessUsage)),
        "explain" => format!("adit explain {}", say(Say::ExplainUsage)),
        name => format!("adit {name} {}", say(Say::CommandUsage)),
    };
    let colon = if language == Language::Chinese { "：" } else { ": " };
    command
        .override_usage(line)
        .help_template(format!("{{about}}\n\n{usage}{colon}{{usage}}\n\n{{all-args}}\n{{after-help}}"))
        .disable_help_flag(true)
        .arg(
            Arg::new("help")
                .short('h')
                .long("help")
                .help(Say::HelpHelp.text(language))
                .help_heading(Say::Options.text(language))
                .action(ArgAction::Help),
        )
}

fn option(name: &'static str, help: Say, value: Say, language: Language) -> Arg {
    Arg::new(name)
        .long(name)
        .help(help.text(language))
        .value_name(value.text(language))
        .help_heading(Say::Options.text(language))
}

/// An option with a few values, which its help names.
fn choice(name: &'static str, help: Say, value: Say, values: &'static [&'static str], language: Language) -> Arg {
    let (colon, comma) = if language == Language::Chinese { ("：", "、") } else { (": ", ", ") };
    option(name, help, value, language)
        .help(format!("{}{colon}{}", help.text(language), values.join(comma)))
        .value_parser(values.to_vec())
        .hide_possible_values(true)
}

fn flag(name: &'static str, help: Say, language: Language) -> Arg {
    Arg::new(name)
        .long(name)
        .help(help.text(language))
        .help_heading(Say::Options.text(language))
        .action(ArgAction::SetTrue)
}

fn refused(language: Language, detail: &str) -> Stop {
    let colon = if language == Language::Chinese { "：" } else { ": " };
    Stop { text: format!("{}{colon}{detail}\n", Say::BadArguments.text(language)), wanted: false }
}

/// What clap found wrong, in the language.
fn stop(error: &clap::Error, language: Language) -> Stop {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return Stop { text: error.render().to_string(), wanted: true };
    }
    if language == Language::English {
        return Stop { text: error.render().to_string(), wanted: false };
    }
    let context = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        _ => String::new(),
    };
    let argument = context(ContextKind::InvalidArg);
    let suggestion = |kind: ContextKind| match context(kind) {
        near if near.is_empty() => String::new(),
        near => format!("，是否要写「{near}」"),
    };
    let detail = match error.kind() {
        ErrorKind::MissingRequiredArgument => format!("缺少 {argument}"),
        ErrorKind::UnknownArgument => {
            format!("没有 {argument} 这个选项{}", suggestion(ContextKind::SuggestedArg))
        }
        ErrorKind::InvalidSubcommand => format!(
            "没有「{}」这个命令{}",
            context(ContextKind::InvalidSubcommand),
            suggestion(ContextKind::SuggestedSubcommand)
        ),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            format!("缺少命令：{}", context(ContextKind::ValidSubcommand))
        }
        ErrorKind::InvalidValue if context(ContextKind::InvalidValue).is_empty() => format!("{argument} 后面缺少内容"),
        ErrorKind::InvalidValue => format!(
            "{argument} 不能是「{}」，可用：{}",
            context(ContextKind::InvalidValue),
            context(ContextKind::ValidValue)
        ),
        ErrorKind::ArgumentConflict => format!("{argument} 写重复了"),
        ErrorKind::InvalidUtf8 => Say::OnlyUtf8.text(language).to_owned(),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => format!("{argument} 的内容不够"),
        _ => return Stop { text: error.render().to_string(), wanted: false },
    };
    Stop {
        text: format!("{}：{detail}\n{}\n", Say::BadArguments.text(language), Say::SeeHelp.text(language)),
        wanted: false,
    }
}
