//! Commands on instructions (企画管理編 9) and reviews (企画管理編 15).

use jiff::civil::Date;
use shindan_app::records::{confirmations, reviews};
use shindan_domain::confirmation::{ActionDraft, Fitness};
use shindan_domain::ledger::Hash;
use shindan_domain::record_id::InstructionId;

use super::given::{Paper, PartnerFile, commands};
use super::words;

commands! {
    Instruction, InstructionId;

    /// Reports on an item of the instruction.
    ReportItem ("report", "Report on an item") {
        /// The item, as the record shows it.
        item: String,
        /// What was found.
        statement: String,
        /// SHA-256 of uploads that it rests on.
        #[serde(default)]
        #[schema(value_type = Vec<String>)]
        documents: Vec<Hash>,
        /// The word on paper, if it was given there.
        #[serde(default)]
        paper: Option<Paper>,
        /// The word by the partner's file, if it was given so.
        #[serde(default)]
        partner_file: Option<PartnerFile>,
    }
    |b, s, instruction| {
        let documents = s.uploads(&b.documents)?;
        let word = s.word(b.paper, b.partner_file)?;
        let report = (b.item, b.statement);
        confirmations::report(s.records, &s.who, &s.call, instruction, report, &documents, &word)
    };

    /// Asks again, because the report does not say enough.
    AskItemAgain ("ask-again", "Ask again about an item") {
        /// The item.
        item: String,
        /// What is missing.
        reason: String,
    }
    |b, s, instruction| confirmations::ask_again(s.records, &s.who, &s.call, instruction, b.item, b.reason);

    /// Judges an item: fit for use or not.
    JudgeItem ("judge", "Judge an item") {
        /// The item.
        item: String,
        /// Fit for use or not.
        #[schema(schema_with = words::fitness)]
        fitness: Fitness,
        /// Why.
        reason: String,
        /// What is to be done: `text`, `responsible`, `due`.
        #[serde(default)]
        #[schema(value_type = Option<Object>)]
        action: Option<ActionDraft>,
    }
    |b, s, instruction| {
        let judgement = (b.item, b.fitness);
        confirmations::judge(s.records, &s.who, &s.call, instruction, judgement, b.reason, b.action)
    };

    /// Says that a measure was carried out.
    FinishAction ("finish-action", "Say that a measure was carried out") {
        /// The item.
        item: String,
        /// What was done.
        text: String,
        /// SHA-256 of uploads that show it.
        #[serde(default)]
        #[schema(value_type = Vec<String>)]
        documents: Vec<Hash>,
    }
    |b, s, instruction| {
        let documents = s.uploads(&b.documents)?;
        confirmations::finish_action(s.records, &s.who, &s.call, instruction, (b.item, b.text), &documents)
    };

    /// Closes the instruction.
    CloseInstruction ("close", "Close the instruction") {
        /// When it is done again, a day in Japan.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        next: Option<Date>,
    }
    |b, s, instruction| confirmations::close(s.records, &s.who, &s.call, instruction, b.next);

    /// Gives the instruction up.
    CancelInstruction ("cancel", "Give the instruction up") {
        /// Why.
        reason: String,
    }
    |b, s, instruction| confirmations::cancel(s.records, &s.who, &s.call, instruction, b.reason);
}

pub(crate) use self::review::{ApproveReview, EndReview, ReviewNow, SendReviewBack};

mod review {
    use shindan_domain::record_id::ReviewId;
    use shindan_domain::review::Finding;

    use super::{Date, Hash, Paper, PartnerFile, commands, reviews};

    commands! {
        Review, ReviewId;

        /// Reviews the item: it changes, or it stays and why.
        ReviewNow ("review", "Review the item") {
            /// `{"result": "changed", "content": …, "reason": …}` or `{"result": "no-change", "reason": …}`.
            #[schema(value_type = Object)]
            finding: Finding,
            /// SHA-256 of uploads that it rests on.
            #[serde(default)]
            #[schema(value_type = Vec<String>)]
            documents: Vec<Hash>,
        }
        |b, s, review| {
            let documents = s.uploads(&b.documents)?;
            reviews::review(s.records, &s.who, &s.call, review, b.finding, &documents)
        };

        /// Approves the review.
        ApproveReview ("approve", "Approve the review") {
            /// When it is reviewed again, a day in Japan; else the interval says.
            #[serde(default)]
            #[schema(value_type = Option<String>)]
            next: Option<Date>,
            /// The word on paper, if it was given there.
            #[serde(default)]
            paper: Option<Paper>,
            /// The word by the partner's file, if it was given so.
            #[serde(default)]
            partner_file: Option<PartnerFile>,
        }
        |b, s, review| {
            let word = s.word(b.paper, b.partner_file)?;
            reviews::approve(s.records, &s.who, &s.call, review, b.next, &word)
        };

        /// Does not approve the review.
        SendReviewBack ("send-back", "Send the review back") {
            /// Why.
            reason: String,
        }
        |b, s, review| reviews::send_back(s.records, &s.who, &s.call, review, b.reason);

        /// Ends the item: it is reviewed no more.
        EndReview ("end", "End the item") {
            /// Why.
            reason: String,
        }
        |b, s, review| reviews::end(s.records, &s.who, &s.call, review, b.reason);
    }
}
