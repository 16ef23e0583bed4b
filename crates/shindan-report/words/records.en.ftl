# Records: frames of lists and pages.

records-yes = yes
records-no = no
records-name-erased = (name erased)
records-next = What is missing for the next step
records-history = History
records-none = No record matches. This says nothing about what was not recorded.
records-more = There are more: --after { $cursor }
records-overdue = { $day } overdue
records-refused = Refused: { $reason }
records-refused-record = Refused for { $record }: { $reason }
records-missing = Missing:
records-col-item = Item
records-col-value = Value
records-col-number = Number
records-col-state = State
records-col-priority = Priority
records-col-due = Due
records-col-title = Title
records-col-changed = Changed
records-col-sequence = Entry
records-col-at = When
records-col-person = Who
records-col-event = What
