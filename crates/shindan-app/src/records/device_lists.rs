//! What is to be done about devices: every alarm, and the devices that are stopped and not yet disconnected (停止機器一覧).

use jiff::Timestamp;
use shindan_domain::calendar::day;
use shindan_domain::case::Case;
use shindan_domain::device::{Device, DeviceStage};
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::people::Action;
use shindan_report::devices::{DeviceLine, DeviceReport};
use uuid::Uuid;

use super::{Entered, Records, RecordsError};

/// Which devices are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// Those with an open alarm.
    Alarms,
    /// Those that are no longer used and of which nobody confirmed that they are disconnected.
    StillConnected,
}

/// Devices about which something is to be done, those that may still be connected first, then by number.
///
/// # Errors
/// Refused if the person may not read.
pub fn list(
    records: &Records,
    who: &Entered,
    listed: Listed,
    now: Timestamp,
) -> Result<DeviceReport, RecordsError> {
    who.permit(Action::Read).map_err(|refusal| RecordsError::refused(None, refusal))?;
    let all = records.all::<Device>()?;
    let mut report = DeviceReport { as_of: day(now), made: now, devices: all.len(), lines: Vec::new() };
    for (id, device) in all {
        let line = line(records, id, &device, now)?;
        let wanted = match listed {
            Listed::Alarms => !line.alarms.is_empty(),
            Listed::StillConnected => line.open_since.is_some(),
        };
        if wanted {
            report.lines.push(line);
        }
    }
    report.lines.sort_by_key(|line| (line.open_since.is_none(), line.open_since, line.number.clone()));
    Ok(report)
}

fn line(records: &Records, id: Uuid, device: &Device, now: Timestamp) -> Result<DeviceLine, RecordsError> {
    let case = device.difference().and_then(|usage| usage.given.case);
    let case = match case {
        Some(case) => Some(records.existing::<Case>(case)?.state()),
        None => None,
    };
    let stream = Stream::new(Kind::Device, id);
    let why = match &device.stage {
        DeviceStage::Stopped { stop } => Some(stop.reason.clone()),
        DeviceStage::SeenAgain { seen, .. } => Some(seen.by_what.clone()),
        _ => None,
    };
    Ok(DeviceLine {
        stream,
        number: records.called(stream).unwrap_or_else(|| id.to_string()),
        name: device.name.clone(),
        key: device.key.clone(),
        category: device.category,
        state: device.state(),
        system: device.system.and_then(|system| records.called(Stream::new(Kind::System, system))),
        open_since: device.stage.disconnection_open().map(day),
        why,
        alarms: device.alarms(day(now), case),
    })
}
