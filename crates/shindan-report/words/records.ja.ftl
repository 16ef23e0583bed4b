# 記録：一覧と記録の枠

records-yes = はい
records-no = いいえ
records-name-erased = （氏名は消去済み）
records-next = 次の手順に足りないもの
records-history = 履歴
records-none = 該当する記録はありません。記録されていないことについては何も言えません。
records-more = 続きがあります：--after { $cursor }
records-overdue = { $day } 期限超過
records-refused = できません：{ $reason }
records-refused-record = { $record }：できません：{ $reason }
records-missing = 足りないもの：
records-col-item = 項目
records-col-value = 値
records-col-number = 番号
records-col-state = 状態
records-col-priority = 優先度
records-col-due = 期限
records-col-title = 表題
records-col-changed = 更新日
records-col-sequence = 台帳番号
records-col-at = 日時
records-col-person = 人
records-col-event = 内容
