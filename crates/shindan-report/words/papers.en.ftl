# papers

# ---- how a paper is written
paper-about = About this paper
paper-cautions = Please note
paper-sign = To be signed
paper-sign-date = Date
paper-sign-name = Name, signature or seal
paper-sheet-first = Cover
paper-sheet-table = Table
paper-sheet-see = On sheet "{ $name }" ({ $count ->
    [one] one row
   *[other] { $count } rows
}).
paper-glyphs = Characters that the font of this PDF does not have are shown as 〓 ({ $codes }). The HTML and Excel forms of the same report have them as they are.
paper-glyphs-more = and { $count } more
paper-sign-title = Organisation and post
paper-sign-confirmed = I have confirmed the content
paper-none = None.

# ---- reports as papers
paper-control-title = Evidence of controls
paper-control-count = { $count ->
    [one] one row
   *[other] { $count } rows
}
paper-control-elsewhere = Rows outside the correspondence table
paper-control-col-control = Control
paper-control-col-requirement = Requirement it is linked to
paper-control-col-evidence = Records
paper-devices-list = Stopped devices
paper-devices-none = There is no device whose disconnection is to be confirmed.
paper-agreement-state = State
paper-agreement-letter = Letter
