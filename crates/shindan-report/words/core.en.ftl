# Words for every record: kinds, relations, roles, steps, reasons, names of fields

## Kinds of records
term-record-kind-installation = This installation
term-record-kind-person = Person
term-record-kind-party = Organisation
term-record-kind-site = Site
term-record-kind-system = Medical information system or service
term-record-kind-environment = Environment
term-record-kind-asset = Asset
term-record-kind-product = Product
term-record-kind-release = Release
term-record-kind-deployment = Deployment
term-record-kind-policy = Policy
term-record-kind-case = Case
term-record-kind-patch = Patch
term-record-kind-change = Change
term-record-kind-inquiry = Inquiry
term-record-kind-instruction = Instruction
term-record-kind-review = Review
term-record-kind-control = Application of a control

## Relations
term-relation-subject = about
term-relation-asset = asset or component
term-relation-vulnerability = vulnerability
term-relation-case = case
term-relation-patch = patch
term-relation-party = organisation
term-relation-responsible = responsible
term-relation-policy = policy
term-relation-part-of = part of

## Roles
term-role-admin = Administrator
term-role-manager = Planning manager
term-role-operator = System operator
term-role-approver = Approver
term-role-auditor = Auditor
term-role-partner = Partner

## What roles permit
term-action-read = reading records
term-action-administer = administering people and the installation
term-action-keep-organisation = keeping organisations, systems and products
term-action-propose-policy = proposing policies
term-action-operate = working on cases, patches, changes and inquiries
term-action-confirm = confirming as a second person
term-action-approve = approving
term-action-manage = instructing, judging, reviewing
term-token-scope-read = reading only
term-token-scope-write = reading and changing
term-person-state-active = active
term-person-state-inactive = inactive
term-means-software = in the software, by the person
term-means-partner-file = by the partner's signed file
term-means-paper = on paper

## Why a step is refused, and what to do
reason-step-out-of-order = "{ $step }" does not follow the state "{ $state }". First do what is listed as missing.
reason-record-ended = This record has ended ({ $state }) and cannot be changed. Enter a new one if you need it.
reason-text-missing = "{ $field }" is blank. Fill it in.
reason-date-not-in-future = "{ $field }" ({ $date }) does not lie in the future. Give a later date.
reason-date-in-future = "{ $field }" ({ $date }) lies in the future. Give the time at which it happened.
reason-nothing-changes = This is what the record says already; nothing was recorded.
reason-item-unknown = "{ $field }" has no { $value }. Look it up in the list.
reason-role-missing = Your roles do not permit "{ $action }". Ask somebody with one of these roles, or ask an administrator for it: { $roles }
reason-person-inactive = This person is no longer active. Let somebody else do it, or ask an administrator.
reason-same-person = Who did "{ $first }" may not do "{ $second }". Let another person do it, or record a paper that another person signed.
reason-last-administrator = This is the last administrator. First make somebody else an administrator.
reason-role-unchanged = The role "{ $role }" is held already, or is not held. Look at the person's roles.
reason-document-missing = The document is missing or empty. Attach the scan or the file that shows it.
reason-signer-missing = The signer is not named. Give the name that stands on the paper or in the file.

## Names of fields
label-state = State
label-title = Title
label-name = Name
label-kind = Kind
label-reason = Reason
label-since = Since
label-until = Until
label-due = Due
label-date = Date
label-by = By
label-at = At
label-note = Note
label-documents = Documents
label-document = Document
label-result = Result
label-number = Number
label-approval = Approval
label-means = Means
label-signer = Signer
label-roles = Roles
label-role = Role
label-tokens = Tokens
label-token = Token
label-expires = Expires
label-scope = Scope

# What texts name: a form, page or field; a command that no page runs
way-on-page = “{ $name }”
way-on-server = { $command } on the server
