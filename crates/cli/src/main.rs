//! The command line of Adit. Only here are files, the clock and the environment read.

mod account;
mod arguments;
mod ask;
mod assess;
mod cite;
mod columnar;
mod commands;
mod files;
mod form;
mod output;
mod registry;
mod review;
mod whole;
mod words;

use std::process::ExitCode;

use arguments::Task;
use output::Output;

fn main() -> ExitCode {
    let environment = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(environment);
    let arguments = match arguments::read(std::env::args_os().collect(), locale) {
        Ok(arguments) => arguments,
        Err(stop) => {
            let mut output = Output::new(adit::diagnostic::Language::default(), arguments::Colour::Never, environment);
            if stop.wanted {
                output.print(&stop.text);
                return if output.finish() { ExitCode::SUCCESS } else { ExitCode::from(commands::UNUSABLE) };
            }
            output.complain(&stop.text);
            return ExitCode::from(commands::UNUSABLE);
        }
    };
    let mut output = Output::new(arguments.language, arguments.colour, environment);
    let code = match &arguments.task {
        Task::Check => commands::check(&arguments, &mut output),
        Task::Review(review) => review::review(&arguments, review, &mut output),
        Task::Explain { clause } => commands::explain(&arguments, clause, &mut output),
        Task::Facts { registry } => commands::facts(&arguments, registry.as_deref(), &mut output),
        Task::Test { all, generate } => commands::test(&arguments, *all, *generate, &mut output),
        Task::Coverage => account::coverage(&arguments, &mut output),
        Task::Audit { all } => account::audit(&arguments, *all, &mut output),
        Task::Assess(assess) => assess::assess(&arguments, assess, &mut output),
        Task::Cite(cite) => cite::cite(&arguments, cite, &mut output),
    };
    if output.finish() { ExitCode::from(code) } else { ExitCode::from(commands::UNUSABLE) }
}
