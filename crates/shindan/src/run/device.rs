//! `device` and `report devices`

use std::path::Path;

use shindan_app::clock;
use shindan_app::records::device_lists::{self, Listed};
use shindan_app::records::devices::{
    self, ConfirmOrder, DeviceOrder, InformationOrder, RiskLevels, UpdatedOrder, UseOrder,
};
use shindan_app::records::{RecordsError, device_rules};
use shindan_domain::device::{RemoteLine, RuleText, StopKind, UpdateMethod, UseComparison};
use shindan_domain::ledger::Kind;
use shindan_domain::record_id::{DeviceId, PartyId};
use shindan_report::devices::{alarms_table, stopped_html, stopped_paper, stopped_table, write_devices};

use super::acting::{Session, enter, fail, list, print, show};
use super::cases::word;
use super::papers::{self, PaperForm, refuse_terminal};
use super::step::{Given, begin, on};
use super::{not_written, sightings};
use crate::cli::TableOrJson;
use crate::cli::acting::Reading;
use crate::cli::device::{
    AnalyseDeviceArguments, ChangeDeviceArguments, DeviceArguments, DeviceCommand, DisconnectedArguments,
    InformArguments, LineArguments, NewDeviceArguments, RuleCommand, StopArguments, UpdatedArguments,
    UpdatesArguments, UseArguments,
};
use crate::cli::policy::ReportFormat;
use crate::exit::Exit;
use crate::output::{Face, write_to};

const DEVICE: (Kind, fn(uuid::Uuid) -> DeviceId) = (Kind::Device, DeviceId);

/// Runs a verb of `device`.
pub fn run(command: DeviceCommand, face: &Face) -> Exit {
    use DeviceCommand as C;
    let request = format!("{command:?}");
    let request = request.as_str();
    match command {
        C::New(arguments) => {
            let NewDeviceArguments { asset, device, acting } = *arguments;
            begin(Given { request, acting: &acting }, face, |s, call| {
                let asset = devices::asset_called(&s.records, &asset)?;
                devices::open(&mut s.records, &s.who, call, asset, &order(device))
            })
        }
        C::Change(arguments) => {
            let ChangeDeviceArguments { record, device, reason, acting } = *arguments;
            on(DEVICE, &record, Given { request, acting: &acting }, face, |s, call, id| {
                devices::change(&mut s.records, &s.who, call, id, &order(device), reason)
            })
        }
        C::Inform(arguments) => inform(*arguments, request, face),
        C::Use(arguments) => state_use(*arguments, request, face),
        C::Analyse(arguments) => analyse(*arguments, request, face),
        C::Rule(command) => rule(command, request, face),
        C::Line(arguments) => line(*arguments, request, face),
        C::Updates(arguments) => updates(*arguments, request, face),
        C::Updated(arguments) => updated(*arguments, request, face),
        C::Stop(arguments) => stop(arguments, StopKind::Stopped, request, face),
        C::Fault(arguments) => stop(arguments, StopKind::Faulty, request, face),
        C::BackInUse { record, reason, acting } => {
            on(DEVICE, &record, Given { request, acting: &acting }, face, |s, call, id| {
                devices::back_in_use(&mut s.records, &s.who, call, id, reason)
            })
        }
        C::ConfirmDisconnected(arguments) => confirm(*arguments, request, face),
        C::Dispose { record, how, on: day, documents, acting } => {
            on(DEVICE, &record, Given { request, acting: &acting }, face, |s, call, id| {
                devices::dispose(&mut s.records, &s.who, call, id, (how, day), &documents)
            })
        }
        C::Alarms { reading } => alarms(&reading, face),
        C::Sightings(command) => sightings::run(command, face),
        C::List(arguments) => list(Kind::Device, &arguments, face),
        C::Show(arguments) => show(Kind::Device, &arguments, face),
    }
}

/// What was given; a list of which nothing was given stays as it is.
fn order(arguments: DeviceArguments) -> DeviceOrder {
    fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
        (!list.is_empty()).then_some(list)
    }
    DeviceOrder {
        name: arguments.name,
        category: arguments.category,
        macs: some(arguments.macs),
        addresses: some(arguments.addresses),
        host_names: some(arguments.host_names),
        serial: arguments.serial,
        firmware: arguments.firmware,
        support_ends: some(arguments.support_ends),
    }
}

fn inform(arguments: InformArguments, request: &str, face: &Face) -> Exit {
    let InformArguments { record, kind, file, content, edition, dated, acting } = arguments;
    on(DEVICE, &record, Given { request, acting: &acting }, face, |s, call, id| {
        let order = InformationOrder { kind, edition, dated, content, file };
        devices::inform(&mut s.records, &s.who, call, id, order)
    })
}

fn state_use(arguments: UseArguments, request: &str, face: &Face) -> Exit {
    let UseArguments { record, intended, actual, same, differs: _, reason, documents, acting } = arguments;
    on(DEVICE, &record, Given { request, acting: &acting }, face, |s, call, id| {
        let comparison = if same { UseComparison::Same } else { UseComparison::Differs };
        let order = UseOrder { intended, actual, comparison, reason, documents };
        devices::state_use(&mut s.records, &s.who, call, id, &order)
    })
}

fn analyse(arguments: AnalyseDeviceArguments, request: &str, face: &Face) -> Exit {
    on(DEVICE, &arguments.record, Given { request, acting: &arguments.acting }, face, |s, call, id| {
        let levels = RiskLevels {
            likelihood: arguments.likelihood,
            patient_safety: arguments.patient_safety,
            availability: arguments.availability,
            confidentiality: arguments.confidentiality,
        };
        let texts = (arguments.risk.clone(), arguments.measures.clone());
        devices::analyse(&mut s.records, &s.who, call, id, texts, levels, &arguments.documents)
    })
}

fn rule(command: RuleCommand, request: &str, face: &Face) -> Exit {
    match command {
        RuleCommand::Write { record, department, provisions, acting } => {
            on(DEVICE, &record, Given { request, acting: &acting }, face, |s, call, id| {
                let text = RuleText { department, provisions: provisions.join("\n") };
                device_rules::write(&mut s.records, &s.who, call, id, text)
            })
        }
        RuleCommand::Approve { record, spoken, acting } => {
            on(DEVICE, &record, Given { request, acting: &acting }, face, |s, call, id| {
                let word = word(&s.records, &spoken)?;
                device_rules::approve(&mut s.records, &s.who, call, id, &word)
            })
        }
        RuleCommand::SendBack { record, reason, acting } => {
            on(DEVICE, &record, Given { request, acting: &acting }, face, |s, call, id| {
                device_rules::send_back(&mut s.records, &s.who, call, id, reason)
            })
        }
        RuleCommand::Print { record, version_number, output, reading } => {
            let page = enter(&reading, face).and_then(|session| {
                let id = DeviceId(session.id(Kind::Device, &record)?);
                let lang = face.words.lang();
                device_rules::print(&session.records, &session.who, id, version_number, lang)
            });
            let page = match page {
                Ok(page) => page,
                Err(error) => return fail(&error, None, reading.format, face),
            };
            write_to(output.as_deref(), |out| out.write_all(&page))
                .map_or_else(|error| not_written(&error, face), |()| Exit::Done)
        }
    }
}

fn line(arguments: LineArguments, request: &str, face: &Face) -> Exit {
    on(DEVICE, &arguments.record, Given { request, acting: &arguments.acting }, face, |s, call, id| {
        let line = remote_line(s, &arguments)?;
        devices::set_line(&mut s.records, &s.who, call, id, line, arguments.reason.clone())
    })
}

/// The line; `None` if there is none, which clap asks to be said.
fn remote_line(session: &Session, arguments: &LineArguments) -> Result<Option<RemoteLine>, RecordsError> {
    let LineArguments {
        kind: Some(kind), description: Some(description), connection: Some(connection), ..
    } = arguments
    else {
        return Ok(None);
    };
    Ok(Some(RemoteLine {
        kind: *kind,
        description: description.trim().to_owned(),
        owner: session.id_if(Kind::Party, arguments.owner.as_ref(), PartyId)?,
        provider: session.id_if(Kind::Party, arguments.provider.as_ref(), PartyId)?,
        connection: *connection,
    }))
}

fn updates(arguments: UpdatesArguments, request: &str, face: &Face) -> Exit {
    on(DEVICE, &arguments.record, Given { request, acting: &arguments.acting }, face, |s, call, id| {
        let responsible = s.id_if(Kind::Party, arguments.party.as_ref(), PartyId)?;
        let (how, interval_days) = (arguments.how.clone(), arguments.every);
        let method = UpdateMethod { responsible, how, interval_days };
        devices::plan_updates(&mut s.records, &s.who, call, id, method, arguments.next)
    })
}

fn updated(arguments: UpdatedArguments, request: &str, face: &Face) -> Exit {
    let UpdatedArguments { record, result, note, firmware, on: day, next, documents, acting } = arguments;
    on(DEVICE, &record, Given { request, acting: &acting }, face, |s, call, id| {
        let order = UpdatedOrder { on: day, result, firmware, note, next };
        devices::updated(&mut s.records, &s.who, call, id, order, &documents)
    })
}

fn stop(arguments: StopArguments, kind: StopKind, request: &str, face: &Face) -> Exit {
    let StopArguments { record, reason, since, acting } = arguments;
    on(DEVICE, &record, Given { request, acting: &acting }, face, |s, call, id| {
        devices::stop(&mut s.records, &s.who, call, id, kind, (reason, since))
    })
}

fn confirm(arguments: DisconnectedArguments, request: &str, face: &Face) -> Exit {
    let DisconnectedArguments { record, means, how, checked, documents, spoken, acting } = arguments;
    on(DEVICE, &record, Given { request, acting: &acting }, face, |s, call, id| {
        let word = word(&s.records, &spoken)?;
        let order = ConfirmOrder { means, how, checked, documents };
        devices::confirm_disconnected(&mut s.records, &s.who, call, id, order, &word)
    })
}

fn alarms(reading: &Reading, face: &Face) -> Exit {
    let format = reading.format;
    let listed = enter(reading, face)
        .and_then(|s| device_lists::list(&s.records, &s.who, Listed::Alarms, clock::now()));
    match listed {
        Ok(report) => print(face, |out| match format {
            TableOrJson::Table => {
                out.write_all(alarms_table(&report, &face.words, &face.style(None)).as_bytes())
            }
            TableOrJson::Json => write_devices(out, &report).map_err(Into::into),
        }),
        Err(error) => fail(&error, None, format, face),
    }
}

/// Writes 停止機器一覧: devices that are no longer used and of which nobody confirmed that they are disconnected.
pub fn report(reading: &Reading, format: ReportFormat, output: Option<&Path>, face: &Face) -> Exit {
    if let Err(exit) = refuse_terminal(format.of_paper(), output, face) {
        return exit;
    }
    let listed = enter(reading, face)
        .and_then(|s| device_lists::list(&s.records, &s.who, Listed::StillConnected, clock::now()));
    let report = match listed {
        Ok(report) => report,
        Err(error) => return fail(&error, None, reading.format, face),
    };
    let words = &face.words;
    let written = write_to(output, |out| match format {
        ReportFormat::Json => write_devices(out, &report).map_err(Into::into),
        ReportFormat::Pdf => {
            papers::write(out, &stopped_paper(&report, words), PaperForm::Pdf, report.made, face)
        }
        ReportFormat::Xlsx => {
            papers::write(out, &stopped_paper(&report, words), PaperForm::Xlsx, report.made, face)
        }
        ReportFormat::Html => {
            let page = stopped_html(&report, words).map_err(std::io::Error::other)?;
            out.write_all(page.as_bytes())
        }
        ReportFormat::Table => {
            let mut style = face.style(None);
            style.color &= output.is_none();
            out.write_all(stopped_table(&report, words, &style).as_bytes())
        }
    });
    written.map_or_else(|error| not_written(&error, face), |()| Exit::Done)
}
