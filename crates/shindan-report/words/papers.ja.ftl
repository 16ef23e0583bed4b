# papers

# ---- how a paper is written
paper-about = 作成情報
paper-cautions = 注意
paper-sign = 署名・押印欄
paper-sign-date = 年月日
paper-sign-name = 氏名（署名または押印）
paper-sheet-first = 表紙
paper-sheet-table = 表
paper-sheet-see = シート「{ $name }」にあります（{ $count } 行）。
paper-glyphs = このPDFの書体にない文字を「〓」で示しています（{ $codes }）。元の文字は、同じ報告のHTML版またはExcel版で確認してください。
paper-glyphs-more = ほか { $count } 種類
paper-sign-title = 所属・役職
paper-sign-confirmed = 内容を確認しました
paper-none = ありません。

# ---- reports as papers
paper-control-title = 統制実施証跡
paper-control-count = { $count } 項目
paper-control-elsewhere = 対応表にない項目
paper-control-col-control = 対策項目
paper-control-col-requirement = 対応する要求事項
paper-control-col-evidence = 証跡の数
paper-devices-list = 停止機器
paper-devices-none = 切り離しを確認していない機器はありません。
paper-agreement-state = 状態
paper-agreement-letter = 記号
