# Titles, descriptions and legends of figures (SVG).

fig-separator = ,{" "}
fig-as-of = As of { $time }
fig-count-of = { $what }: { $count }
fig-priority = Priority
fig-undetermined = Undetermined
fig-not-compared = not compared
fig-hours = { $count } h
fig-days = { $count } d
fig-limit-days = limit { $count } d
fig-no-limit = no limit set
fig-no-value = none yet
fig-never = never
fig-source = Source
fig-day = Day
fig-state = State
fig-new-items = New items
fig-checks = Checks
fig-week-until = Week until

fig-over-time-title = Open cases over time, by priority
fig-over-time-description = At the end of each week from { $from } to { $until }: from { $first } to { $last } open cases. Latest: { $parts }.
fig-over-time-empty = There were no open cases in this time.
fig-over-time-undetermined = Could not be judged in the latest comparison: { $count } (not drawn)
fig-over-time-not-compared = No comparison is recorded in this time. That there are no cases proves nothing.

fig-times-decide-title = Time until the decision
fig-times-fix-title = Time until closed
fig-times-decide-empty = No decision has been approved yet.
fig-times-fix-empty = No case has been closed yet.
fig-times-said = { $priority } ({ $count }): median { $median }, nine of ten within { $ninety } ({ $limit }). Past the limit: { $late }. Not through: { $waiting }, of these past the limit: { $overdue }.
fig-times-kept = within the limit
fig-times-late = past the limit
fig-times-free = no limit set
fig-times-limit = limit of the policy
fig-times-box = box: one to nine of ten (line inside: median)
fig-times-table = Times and limits
fig-times-through = Cases
fig-times-median = Median
fig-times-ninety = Nine of ten within
fig-times-longest = Longest
fig-times-waiting = Not through
fig-times-waiting-late = Of these past the limit

fig-freshness-title = Freshness of sources
fig-month-title = Record of collection ({ $month })
fig-sources-description = Sources: { $sources }. Late or failed: { $late }.
fig-no-sources = No source is registered.
fig-source-late = { $source }: late or failed (last looked at successfully: { $last }).

fig-tree-title = How the priority came about (SSVC)
fig-tree-description = { $steps }. Outcome: { $outcome }.
fig-tree-step = { $point } is "{ $value }" ({ $origin })
fig-tree-outcome = Priority: { $outcome }
fig-tree-lit = the path taken
fig-tree-if = Below an answer that was not taken: the priority if that answer alone were different.
fig-tree-then = { $value }: { $outcome }
fig-tree-defaulted = Answers that are defaults of the policy, because nothing was known: { $count }.
fig-tree-table-used = Decision table: { $table }
fig-tree-empty = No path to the priority is recorded.
fig-tree-question = Question
fig-tree-answer = Answer
fig-tree-origin = Kind of evidence
fig-tree-evidence = Evidence
fig-tree-otherwise = With another answer

fig-relations-title = Who is hit by { $id }
fig-relations-description = Products hit: { $products }. Systems, sites and devices: { $places }.
fig-relations-empty = No product was found to be hit.
fig-relations-left-out = Not drawn, but in the table: products { $products }; systems, sites and devices { $places }.
fig-relations-undetermined = Components for which it could not be told: { $count }.
fig-relations-doubts = undetermined: { $count }
fig-relations-product = Product and version
fig-relations-products = Products
fig-relations-places = Systems, sites, devices

fig-epss-title = EPSS (probability of exploitation) over time
fig-epss-description = From { $first } on { $from } to { $last } on { $until }.
fig-epss-one = EPSS is { $value } ({ $day }). No other day is known, so nothing is drawn.
fig-epss-none = No EPSS value is known.
fig-epss-unreadable = Values that could not be read: { $count } (not drawn).
fig-epss-value = EPSS
