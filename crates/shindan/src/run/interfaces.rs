//! `interface add | change | test | end | list | show`

use shindan_app::records::interfaces::{self, InterfaceChange, TestOrder};
use shindan_domain::interface::InterfaceDraft;
use shindan_domain::ledger::Kind;
use shindan_domain::record_id::{InterfaceId, PartyId, SystemId};
use uuid::Uuid;

use super::acting::{list, show};
use super::step::{Given, begin, on};
use crate::cli::interfaces::{
    AddInterfaceArguments, ChangeInterfaceArguments, InterfaceCommand, TestInterfaceArguments,
};
use crate::exit::Exit;
use crate::output::Face;

const INTERFACE: (Kind, fn(Uuid) -> InterfaceId) = (Kind::Interface, InterfaceId);

/// Runs a verb of `interface`.
pub fn run(command: InterfaceCommand, face: &Face) -> Exit {
    use InterfaceCommand as C;
    let request = format!("{command:?}");
    match command {
        C::Add(arguments) => add(*arguments, &request, face),
        C::Change(arguments) => change(*arguments, &request, face),
        C::Test(arguments) => test(arguments, &request, face),
        C::End { record, reason, acting } => {
            on(INTERFACE, &record, Given { request: &request, acting: &acting }, face, |s, call, id| {
                interfaces::end(&mut s.records, &s.who, call, id, reason)
            })
        }
        C::List(arguments) => list(Kind::Interface, &arguments, face),
        C::Show(arguments) => show(Kind::Interface, &arguments, face),
    }
}

fn add(arguments: AddInterfaceArguments, request: &str, face: &Face) -> Exit {
    begin(Given { request, acting: &arguments.acting }, face, |s, call| {
        let draft = InterfaceDraft {
            name: arguments.name.clone(),
            system: SystemId(s.id(Kind::System, &arguments.system)?),
            counterpart: PartyId(s.id(Kind::Party, &arguments.party)?),
            direction: arguments.direction,
            data: arguments.data.clone(),
            protocol: arguments.protocol.clone(),
            mechanism: arguments.mechanism,
            set_up: arguments.set_up.clone(),
        };
        interfaces::register(&mut s.records, &s.who, call, draft)
    })
}

fn change(arguments: ChangeInterfaceArguments, request: &str, face: &Face) -> Exit {
    on(INTERFACE, &arguments.record, Given { request, acting: &arguments.acting }, face, |s, call, id| {
        let nothing = arguments.no_mechanism.then_some(None);
        let wanted = InterfaceChange {
            name: arguments.name.clone(),
            direction: arguments.direction,
            data: arguments.data.clone(),
            protocol: arguments.protocol.clone(),
            mechanism: arguments.mechanism.map(Some).or(nothing),
            set_up: arguments.set_up.clone(),
        };
        interfaces::change(&mut s.records, &s.who, call, id, wanted, arguments.reason.clone())
    })
}

fn test(arguments: TestInterfaceArguments, request: &str, face: &Face) -> Exit {
    on(INTERFACE, &arguments.record, Given { request, acting: &arguments.acting }, face, |s, call, id| {
        let order = TestOrder {
            on: arguments.on,
            method: arguments.method.clone(),
            result: arguments.result,
            next: arguments.next,
            documents: arguments.documents.clone(),
        };
        interfaces::test(&mut s.records, &s.who, call, id, order)
    })
}
