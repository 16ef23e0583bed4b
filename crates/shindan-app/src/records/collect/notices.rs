//! What sources told, and whether it concerns us.

use std::collections::{BTreeMap, BTreeSet};

use shindan_domain::case::Case;
use shindan_domain::collect::{Concerns, Notice, NoticeClass, NoticeContent};
use shindan_domain::people::Action;
use shindan_domain::record_id::{CaseId, NoticeId, SourceCheckId, SourceId};
use shindan_formats::collect::{FeedItem, ItemClass};

use crate::records::{Act, Call, Done, Entered, Records, RecordsError};

/// Judges whether a notice concerns us.
///
/// # Errors
/// Refused without a reason; [`RecordsError::Unknown`] for an unknown case.
pub fn judge(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    id: NoticeId,
    (concerns, because, cases): (Concerns, String, BTreeSet<CaseId>),
) -> Result<Done, RecordsError> {
    records.step::<Notice, _>(
        who,
        call,
        Action::Operate,
        id,
        |records, _| cases.iter().try_for_each(|case| records.existing::<Case>(*case).map(drop)),
        |notice, (), _| notice.judge(concerns, because, cases.clone()),
    )
}

/// How the items of a source compare with what it told before.
#[derive(Debug, Default)]
pub(super) struct News {
    fresh: Vec<NoticeContent>,
    changed: Vec<(NoticeId, NoticeContent)>,
}

impl News {
    /// How many are new or say something else now.
    pub(super) fn count(&self) -> u64 {
        (self.fresh.len() + self.changed.len()) as u64
    }

    /// Takes them in.
    pub(super) fn take_in(
        self,
        act: &mut Act<'_>,
        source: SourceId,
        check: SourceCheckId,
    ) -> Result<(), RecordsError> {
        let refused = |refusal| RecordsError::refused(None, refusal);
        for content in self.fresh {
            let event = Notice::receive(source, check, content).map_err(refused)?;
            let id = act.new_id()?;
            act.begin::<Notice>(id, &[event], true)?;
        }
        for (id, content) in self.changed {
            act.change::<Notice>(id, |notice, _| Ok(vec![notice.update(check, content)?]))?;
        }
        Ok(())
    }
}

/// What of these items is new.
pub(super) fn news(records: &Records, source: SourceId, items: Vec<FeedItem>) -> Result<News, RecordsError> {
    let own = records.all::<Notice>()?.into_iter().filter(|(_, notice)| notice.source == source);
    let known: BTreeMap<String, (NoticeId, NoticeContent)> =
        own.map(|(id, notice)| (notice.content.id.clone(), (NoticeId(id), notice.content))).collect();
    let mut news = News::default();
    for content in items.into_iter().map(content) {
        match known.get(&content.id) {
            None => news.fresh.push(content),
            Some((id, before)) if *before != content => news.changed.push((*id, content)),
            Some(_) => {}
        }
    }
    Ok(news)
}

fn content(item: FeedItem) -> NoticeContent {
    let class = match item.class {
        ItemClass::Alert => NoticeClass::Alert,
        ItemClass::Update => NoticeClass::Update,
        ItemClass::Weekly => NoticeClass::Weekly,
        ItemClass::Other => NoticeClass::Other,
    };
    NoticeContent {
        id: item.id,
        title: item.title,
        link: item.link,
        published: item.published,
        updated: item.updated,
        class,
        text: (!item.text.is_empty()).then_some(item.text),
        vulnerabilities: item.vulnerabilities,
    }
}
