# 一覧：列の選択、ファイル、日付の表し方、検索。
problem-list-too-long = ファイルに書き出せるのは { $limit } 行までです。絞り込みや検索で対象を減らしてから、もう一度保存してください。
problem-title-list-too-long = 行が多すぎて、ファイルにできません
web-calendar = 日付の表し方
web-calendar-era = 和暦（例：令和8年11月27日）
web-calendar-lead = 画面と、一覧から保存するファイルに使います。並べ替えは実際の日付の順です。報告書は、ここでの選択にかかわらず西暦に令和を添えます。
web-calendar-set = この表し方にする
web-calendar-western = 西暦（例：2026年11月27日）
web-columns = 表示する列
web-columns-lead = この一覧に表示する列
web-columns-show = この列にする
web-columns-usual = 標準の列に戻す
web-file-remark = （備考）
web-file-rows = { $count } 行。画面と同じ絞り込み・並び順・列で、すべての行を書き出しています。
web-file-save = 保存：
web-told-calendar = 日付の表し方を変えました。
web-zone = （日本時間）
