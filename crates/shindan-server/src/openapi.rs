//! The description of the interface (OpenAPI 3.1), made from the list of commands and the forms of answers.

use std::sync::OnceLock;

use serde_json::Value;
use shindan_domain::assessment::ApplicationKind;
use shindan_domain::ledger::Kind;
use shindan_domain::process::Relation;
use utoipa::openapi::path::{HttpMethod, Operation, OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ComponentsBuilder, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    Content, InfoBuilder, OpenApi, OpenApiBuilder, Paths, Ref, RefOr, Required, Response, ResponseBuilder,
    Schema,
};
use utoipa::{PartialSchema, ToSchema};

use crate::command::{Listed, ListedTask};
use crate::commands;
use crate::problem::CODES;
use crate::read::{MOST_ROWS, SORTS};
use crate::shapes::{
    AgreementDiffShape, AssessmentChecksShape, AssessmentTimingShape, CardShape, CaseDecisionsShape,
    CaseExpiryShape, CaseRefreshShape, CheckpointShape, CollectionShape, ControlStatusShape,
    DeviceAlarmsShape, DoneShape, EntriesShape, FindingsShape, GateShape, ListShape, MeShape, ProblemShape,
    ReceivedFileShape, RecordShape, RefusalsShape, SealedFileShape, SourceCalendarShape,
    SourceProposalsShape, SourceStatusShape, SyncShape, UploadShape, VerificationShape,
};

/// The description as JSON.
pub fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    // Strings, numbers and maps with text keys always have a JSON form.
    DOCUMENT.get_or_init(|| serde_json::to_value(describe()).unwrap_or_default())
}

fn describe() -> OpenApi {
    let mut paths = Paths::new();
    reading(&mut paths);
    for command in commands::all() {
        let (path, operation) = command_operation(command);
        paths.add_path_operation(path, vec![HttpMethod::Post], operation);
    }
    for task in commands::tasks() {
        let path = format!("/api/v1/{}", task.name);
        paths.add_path_operation(path, vec![HttpMethod::Post], task_operation(task));
    }
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A personal token: shindan token issue"))
        .build();
    let mut components = ComponentsBuilder::new().security_scheme("token", SecurityScheme::Http(token));
    let mut add = |name: String, schema: RefOr<Schema>| {
        let built = std::mem::take(&mut components);
        components = built.schema(name, schema);
    };
    for (name, schema) in shapes() {
        add(name, schema);
    }
    let bodies = commands::all().iter().map(|command| command.schema);
    for body in bodies.chain(commands::tasks().iter().map(|task| task.schema)) {
        let (name, schema) = body();
        add(name, schema);
    }
    let info = InfoBuilder::new()
        .title("shindan")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Vulnerability management for medical information systems: the same use cases as the command line. \
             Times are RFC 3339 in UTC; words follow Accept-Language (ja, en).",
        ))
        .build();
    OpenApiBuilder::new()
        .info(info)
        .paths(paths)
        .components(Some(components.build()))
        .security(Some([SecurityRequirement::new("token", Vec::<String>::new())]))
        .build()
}

fn shapes() -> Vec<(String, RefOr<Schema>)> {
    fn shape<T: ToSchema>(all: &mut Vec<(String, RefOr<Schema>)>) {
        all.push((T::name().into_owned(), <T as PartialSchema>::schema()));
        T::schemas(all);
    }
    let mut all = Vec::new();
    shape::<ProblemShape>(&mut all);
    shape::<DoneShape>(&mut all);
    shape::<ListShape>(&mut all);
    shape::<RecordShape>(&mut all);
    shape::<EntriesShape>(&mut all);
    shape::<VerificationShape>(&mut all);
    shape::<CheckpointShape>(&mut all);
    shape::<RefusalsShape>(&mut all);
    shape::<MeShape>(&mut all);
    shape::<UploadShape>(&mut all);
    shape::<crate::commands::given::Paper>(&mut all);
    shape::<crate::commands::given::PartnerFile>(&mut all);
    shape::<crate::commands::Alternative>(&mut all);
    shape::<crate::commands::GivenAnswer>(&mut all);
    shape::<crate::commands::GivenLine>(&mut all);
    shape::<crate::commands::TableGiven>(&mut all);
    shape::<crate::commands::SecondFactorGiven>(&mut all);
    shape::<CaseRefreshShape>(&mut all);
    shape::<CaseDecisionsShape>(&mut all);
    shape::<CaseExpiryShape>(&mut all);
    shape::<GateShape>(&mut all);
    shape::<ControlStatusShape>(&mut all);
    shape::<DeviceAlarmsShape>(&mut all);
    shape::<SourceStatusShape>(&mut all);
    shape::<SourceCalendarShape>(&mut all);
    shape::<SourceProposalsShape>(&mut all);
    shape::<SyncShape>(&mut all);
    shape::<CollectionShape>(&mut all);
    shape::<crate::commands::GivenThresholds>(&mut all);
    shape::<CardShape>(&mut all);
    shape::<SealedFileShape>(&mut all);
    shape::<ReceivedFileShape>(&mut all);
    shape::<AgreementDiffShape>(&mut all);
    shape::<AssessmentChecksShape>(&mut all);
    shape::<AssessmentTimingShape>(&mut all);
    shape::<FindingsShape>(&mut all);
    shape::<crate::commands::TableMapping>(&mut all);
    all
}

/// The operations that are no commands.
fn reading(paths: &mut Paths) {
    records(paths);
    ledger(paths);
    files(paths);
    status(paths);
    sources(paths);
    agreements(paths);
    exchange(paths);
    assessments(paths);
}

fn text(name: &str, about: &str) -> ParameterBuilder {
    query(name, Type::String, about)
}

fn records(paths: &mut Paths) {
    let list = operation("list", "Records of a kind, page by page")
        .parameter(kind())
        .parameter(query(
            "open",
            Type::Boolean,
            "Only those in which something is to be done; true unless given",
        ))
        .parameter(text("state", "Only this state"))
        .parameter(text("text", "Only those whose title or number contains every word"))
        .parameter(one_of(
            "relation",
            Relation::terms().map(|term| term.value),
            "Only those in this relation to target",
        ))
        .parameter(text("target", "An identifier such as CVE-2024-21762, or the id of a record"))
        .parameter(one_of("sort", SORTS.iter().map(|(name, _)| *name), "The order; urgency unless given"))
        .parameter(limit())
        .parameter(text("cursor", "Where the page begins: next of the page before"))
        .response("200", answer::<ListShape>("A page"));
    get(paths, "/api/v1/{kind}", list);
    let record = operation("record", "One record")
        .parameter(kind())
        .parameter(called())
        .parameter(query("history", Type::Boolean, "Its entries, too"))
        .response("200", answer::<RecordShape>("The record; its revision is the entity tag"));
    get(paths, "/api/v1/{kind}/{record}", record);
    let entries = operation("record-entries", "The entries of a record, as they are in the ledger")
        .parameter(kind())
        .parameter(called())
        .response("200", answer::<EntriesShape>("All entries"));
    get(paths, "/api/v1/{kind}/{record}/entries", entries);
    get(
        paths,
        "/api/v1/me",
        operation("me", "Who is asking").response("200", answer::<MeShape>("The person")),
    );
}

fn ledger(paths: &mut Paths) {
    let entries = operation("ledger-entries", "Entries of the ledger, in their order")
        .parameter(query("after", Type::Integer, "Only those with a larger number"))
        .parameter(limit())
        .response("200", answer::<EntriesShape>("Entries"));
    get(paths, "/api/v1/ledger/entries", entries);
    let verification = operation("ledger-verification", "Verify the whole ledger")
        .parameter(query("states", Type::Boolean, "Compare every record with its entries, too"))
        .response("200", answer::<VerificationShape>("What was found; problems are an answer"));
    get(paths, "/api/v1/ledger/verification", verification);
    let refusals = operation("ledger-refusals", "Steps that were refused, the last first")
        .parameter(limit())
        .response("200", answer::<RefusalsShape>("Refusals"));
    get(paths, "/api/v1/ledger/refusals", refusals);
    let checkpoint = operation("ledger-checkpoint", "Make a signed checkpoint")
        .response("201", answer::<CheckpointShape>("The checkpoint; keep its text elsewhere"));
    paths.add_path_operation("/api/v1/ledger/checkpoints", vec![HttpMethod::Post], checkpoint.build());
}

fn files(paths: &mut Paths) {
    let file = RequestBodyBuilder::new()
        .required(Some(Required::True))
        .content("application/octet-stream", Content::new(None::<RefOr<Schema>>))
        .build();
    let upload = operation("upload", "Send a file, for a command to name by its SHA-256; kept for a day")
        .parameter(text("name", "The file's name"))
        .parameter(query(
            "patch",
            Type::Boolean,
            "The file of a patch, which may have 16 GiB; others 256 MiB",
        ))
        .parameter(query("sealed", Type::Boolean, "A partner's sealed file, which may have 2 GiB and 68 MiB"))
        .request_body(Some(file))
        .response("201", answer::<UploadShape>("The file"));
    paths.add_path_operation("/api/v1/uploads", vec![HttpMethod::Post], upload.build());
    get(paths, "/api/v1/documents/{sha256}", document_operation());
}

fn status(paths: &mut Paths) {
    let status = operation("control-status", "What the records of a day show about each control")
        .parameter(text("as-of", "A day in Japan; today unless given"))
        .response(
            "200",
            answer::<ControlStatusShape>("Each control with its verdict; no answer says compliant"),
        );
    get(paths, "/api/v1/control-status", status);
    let alarms = operation("device-alarms", "What is to be done about devices")
        .parameter(text("only", "`still-connected`: no longer used, and nobody confirmed the disconnection"))
        .response("200", answer::<DeviceAlarmsShape>("Devices about which something is to be done"));
    get(paths, "/api/v1/device-alarms", alarms);
    let gate = operation("change-gate", "Whether a change may be applied now; it changes nothing")
        .parameter(called())
        .parameter(text(
            "file",
            "SHA-256 of the upload: the file of the patch as it lies before who applies it",
        ))
        .response("200", answer::<GateShape>("Open or not, with everything that is missing"));
    get(paths, "/api/v1/change/{record}/gate", gate);
    let mut open = operation("openapi", "This description; needs no token")
        .response("200", Response::new("OpenAPI 3.1"))
        .build();
    open.security = Some(Vec::new());
    paths.add_path_operation("/api/openapi.json", vec![HttpMethod::Get], open);
}

fn sources(paths: &mut Paths) {
    let status = operation("source-status", "Which sources are looked at in time, and what is suspicious")
        .response("200", answer::<SourceStatusShape>("Each source that has not ended"));
    get(paths, "/api/v1/source-status", status);
    let month = "A month such as 2026-11, days in Japan; the present one unless given";
    let calendar = operation("source-calendar", "A month of looks at sources, day by day")
        .parameter(text("month", month))
        .response("200", answer::<SourceCalendarShape>("Each source and each day"));
    get(paths, "/api/v1/source-calendar", calendar);
    let record = operation("collection", "The record of collection of a month, for an inspection")
        .parameter(text("month", month))
        .response("200", answer::<CollectionShape>("Every look, missed day and notice"));
    get(paths, "/api/v1/collection", record);
    let proposals = operation("list-source-proposals", "Sources that ship as proposals")
        .response("200", answer::<SourceProposalsShape>("Nothing is fetched because it stands here"));
    get(paths, "/api/v1/source-proposals", proposals);
}

fn agreements(paths: &mut Paths) {
    let paper = operation("agreement-print", "An agreement as a page that is printed and signed")
        .parameter(called())
        .response("200", file("text/html", "One self-contained page, in the language of Accept-Language"));
    get(paths, "/api/v1/agreement/{record}/print", paper);
    let export = operation("agreement-export", "An agreement as a file for the other side")
        .parameter(called())
        .response("200", file("application/json", "`shindan.agreement/1`"));
    get(paths, "/api/v1/agreement/{record}/export", export);
    let diff = operation("agreement-diff", "In what two versions of an agreement differ")
        .parameter(called())
        .parameter(query(
            "from",
            Type::Integer,
            "The version before; the last that was in force unless given",
        ))
        .parameter(query("to", Type::Integer, "The version after; the present content unless given"))
        .response("200", answer::<AgreementDiffShape>("The differences"));
    get(paths, "/api/v1/agreement/{record}/diff", diff);
}

fn exchange(paths: &mut Paths) {
    let name = || text("name", "Name of the organisation; that of the person's party unless given");
    let card = operation("exchange-card-read", "The card of this installation, once it was made")
        .parameter(name())
        .response("200", answer::<CardShape>("The card; `read_aloud` goes by another way than the file"));
    get(paths, "/api/v1/exchange-card", card);
    let card = operation("exchange-card-file", "The card of this installation as the file for the partner")
        .parameter(name())
        .response("200", file("application/json", "The signed card"));
    get(paths, "/api/v1/exchange-card/file", card);
    let of = |id: &str, summary: &str| {
        let number = parameter("number", ParameterIn::Path, "The number of the sealed file");
        operation(id, summary).parameter(called()).parameter(number.schema(Some(integer())))
    };
    let sent = of("exchange-sent", "A sealed file as it was sealed, byte for byte")
        .response("200", file("application/octet-stream", "The sealed file"));
    get(paths, "/api/v1/exchange/{record}/sent/{number}", sent);
    let received = of("exchange-received", "What was in a sealed file that was accepted")
        .response("200", answer::<ReceivedFileShape>("Its contents"));
    get(paths, "/api/v1/exchange/{record}/received/{number}", received);
    let receipt = of("exchange-receipt", "The signed receipt for a sealed file that was accepted")
        .response("200", file("application/json", "The receipt for the partner"));
    get(paths, "/api/v1/exchange/{record}/received/{number}/receipt", receipt);
    let place = parameter("place", ParameterIn::Path, "Which of its contents, from 1");
    let content = of("exchange-content", "A file that was in a sealed file")
        .parameter(place.schema(Some(integer())))
        .response("200", file("application/octet-stream", "Its bytes"));
    get(paths, "/api/v1/exchange/{record}/received/{number}/contents/{place}", content);
}

fn integer() -> Schema {
    Schema::Object(ObjectBuilder::new().schema_type(SchemaType::Type(Type::Integer)).build())
}

/// An answer that is a file; `Content-Disposition` says what it is called.
fn file(media: &str, about: &str) -> Response {
    ResponseBuilder::new().description(about).content(media, Content::new(None::<RefOr<Schema>>)).build()
}

fn assessments(paths: &mut Paths) {
    let checks = operation("assessment-checks", "Checks that are specific to kinds of applications")
        .parameter(one_of("kind", ApplicationKind::terms().map(|term| term.value), "Only those of this kind"))
        .response(
            "200",
            answer::<AssessmentChecksShape>("The checks of the pack that ships with the program"),
        );
    get(paths, "/api/v1/assessment-checks", checks);
    let timing = operation("assessment-timing", "Which assessments are in time, due or overdue today")
        .parameter(text("timing", "Only these, with commas between them: `in-time`, `due`, `overdue`"))
        .response("200", answer::<AssessmentTimingShape>("Plans that count; those that ended are left out"));
    get(paths, "/api/v1/assessment-timing", timing);
    let findings = operation("assessment-plan-findings", "Findings of a plan, the most urgent first")
        .parameter(called())
        .parameter(query(
            "open",
            Type::Boolean,
            "Only those about which something has to be decided; true unless given or `presence` is",
        ))
        .parameter(text(
            "level",
            "Only these, with commas between them: `critical`, `high`, `medium`, `low`, `informational`",
        ))
        .parameter(text("presence", "Only these, with commas between them: `fresh`, `still`, `back`, `gone`"))
        .parameter(text("tool", "Only those of this kind of tool"))
        .parameter(text("text", "Only those whose title, rule or place contains this"))
        .parameter(limit())
        .parameter(text("cursor", "Where the page begins: next of the page before"))
        .response("200", answer::<FindingsShape>("A page"));
    get(paths, "/api/v1/assessment-plan/{record}/findings", findings);
}

fn document_operation() -> OperationBuilder {
    let schema = ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).build();
    let hash = parameter("sha256", ParameterIn::Path, "Its SHA-256, as records name it").schema(Some(schema));
    let about = "The bytes as they were taken in; compared with the hash before they are sent";
    let bytes = file("application/octet-stream", about);
    operation("document", "A document that a record names").parameter(hash).response("200", bytes)
}

fn once() -> ParameterBuilder {
    header("Idempotency-Key", "Names the request: sent again with the same key, it is not done again")
}

fn task_operation(task: &ListedTask) -> Operation {
    let (schema, _) = (task.schema)();
    let body = RequestBodyBuilder::new()
        .required(Some(Required::True))
        .content("application/json", Content::new(Some(Ref::from_schema_name(schema))))
        .build();
    let done = ResponseBuilder::new()
        .description("What was done")
        .content("application/json", Content::new(Some(Ref::from_schema_name((task.answer)()))))
        .build();
    let operation = operation(task.name, task.summary).parameter(once()).request_body(Some(body));
    operation.response("200", done).build()
}

fn command_operation(command: &Listed) -> (String, Operation) {
    let (schema, _) = (command.schema)();
    let (path, id, status) = match command.name {
        None => (format!("/api/v1/{}", command.kind), format!("{}-begin", command.kind), "201"),
        Some(name) => {
            (format!("/api/v1/{}/{{record}}/{name}", command.kind), format!("{}-{name}", command.kind), "200")
        }
    };
    let body = RequestBodyBuilder::new()
        .required(Some(Required::True))
        .content("application/json", Content::new(Some(Ref::from_schema_name(schema))))
        .build();
    let mut operation = operation(&id, command.summary)
        .parameter(once())
        .request_body(Some(body))
        .response(status, answer::<DoneShape>("Done; the revision of the record is the entity tag"));
    if command.name.is_some() {
        let seen = header(
            "If-Match",
            "The entity tag that was seen; if the record has another one by now, nothing is done",
        );
        operation = operation.parameter(called()).parameter(seen);
    }
    (path, operation.build())
}

fn get(paths: &mut Paths, path: &str, operation: OperationBuilder) {
    paths.add_path_operation(path, vec![HttpMethod::Get], operation.build());
}

/// An operation that can fail as every one can.
fn operation(id: &str, summary: &str) -> OperationBuilder {
    let codes: Vec<String> = CODES.iter().map(|(code, status)| format!("{status} {code}")).collect();
    let problem = ResponseBuilder::new()
        .description(format!("A problem (RFC 9457): {}; 500 internal", codes.join(", ")))
        .content("application/problem+json", Content::new(Some(Ref::from_schema_name(ProblemShape::name()))))
        .build();
    OperationBuilder::new().operation_id(Some(id)).summary(Some(summary)).response("default", problem)
}

fn answer<T: ToSchema>(about: &str) -> Response {
    ResponseBuilder::new()
        .description(about)
        .content("application/json", Content::new(Some(Ref::from_schema_name(T::name()))))
        .build()
}

fn parameter(name: &str, place: ParameterIn, about: &str) -> ParameterBuilder {
    let required = if place == ParameterIn::Path { Required::True } else { Required::False };
    ParameterBuilder::new().name(name).parameter_in(place).required(required).description(Some(about))
}

fn query(name: &str, kind: Type, about: &str) -> ParameterBuilder {
    let schema = ObjectBuilder::new().schema_type(SchemaType::Type(kind)).build();
    parameter(name, ParameterIn::Query, about).schema(Some(schema))
}

fn header(name: &str, about: &str) -> ParameterBuilder {
    let schema = ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).build();
    parameter(name, ParameterIn::Header, about).schema(Some(schema))
}

fn one_of(name: &str, values: impl Iterator<Item = &'static str>, about: &str) -> ParameterBuilder {
    let values: Vec<&str> = values.collect();
    let schema =
        ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).enum_values(Some(values)).build();
    parameter(name, ParameterIn::Query, about).schema(Some(schema))
}

fn limit() -> ParameterBuilder {
    query("limit", Type::Integer, &format!("Rows of the page, 1 to {MOST_ROWS}; 50 unless given"))
}

fn kind() -> ParameterBuilder {
    let values: Vec<&str> = Kind::terms().map(|term| term.value).collect();
    let schema =
        ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).enum_values(Some(values)).build();
    parameter("kind", ParameterIn::Path, "The kind of record").schema(Some(schema))
}

fn called() -> ParameterBuilder {
    let schema = ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).build();
    parameter("record", ParameterIn::Path, "Its number, the beginning of its id, or its name")
        .schema(Some(schema))
}
