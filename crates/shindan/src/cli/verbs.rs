//! The first word of the command line. Only the verb that is called is built: there are some 40, with a thousand arguments, and
//! building all of them took longer than most commands.

/// Defines the enumeration of verbs and how clap reads it, as its derive would, but with each verb built when it is called.
///
/// `verbs of T`: `T` derives `Subcommand`; `arguments of T`: `T` derives `Args`. Help, suggestions and tests need everything at
/// once: [`crate::cli::Arguments::whole`].
macro_rules! verbs {
    ($($(#[$meta:meta])* $text:literal = $name:ident($kind:ident of $type:ty);)+) => {
        /// Verbs.
        #[derive(Debug)]
        pub enum Command {
            $($(#[$meta])* $name($type),)+
        }

        impl clap::Subcommand for Command {
            fn augment_subcommands(command: clap::Command) -> clap::Command {
                command
                    $(.subcommand(clap::Command::new($text).defer(|verb| verbs!(@build $kind $type, verb))))+
            }

            fn augment_subcommands_for_update(command: clap::Command) -> clap::Command {
                Self::augment_subcommands(command)
            }

            fn has_subcommand(name: &str) -> bool {
                [$($text),+].contains(&name)
            }
        }

        impl Command {
            /// The same command line with every verb built.
            fn all_built(command: clap::Command) -> clap::Command {
                command $(.mut_subcommand($text, |_| {
                    verbs!(@build $kind $type, clap::Command::new($text))
                }))+
            }
        }

        impl clap::FromArgMatches for Command {
            fn from_arg_matches(matches: &clap::ArgMatches) -> Result<Self, clap::Error> {
                Self::from_arg_matches_mut(&mut matches.clone())
            }

            fn from_arg_matches_mut(matches: &mut clap::ArgMatches) -> Result<Self, clap::Error> {
                let missing = || clap::Error::new(clap::error::ErrorKind::MissingSubcommand);
                let (name, mut given) = matches.remove_subcommand().ok_or_else(missing)?;
                match name.as_str() {
                    $($text => {
                        <$type as clap::FromArgMatches>::from_arg_matches_mut(&mut given).map(Command::$name)
                    })+
                    _ => Err(clap::Error::new(clap::error::ErrorKind::InvalidSubcommand)),
                }
            }

            fn update_from_arg_matches(&mut self, matches: &clap::ArgMatches) -> Result<(), clap::Error> {
                *self = Self::from_arg_matches(matches)?;
                Ok(())
            }
        }
    };
    (@build verbs $type:ty, $command:expr) => {
        <$type as clap::Subcommand>::augment_subcommands($command)
            .subcommand_required(true)
            .arg_required_else_help(true)
    };
    (@build arguments $type:ty, $command:expr) => {
        <$type as clap::Args>::augment_args($command)
    };
}

pub(super) use verbs;
