# ブラウザーのアカウント：ログイン、パスワード、認証アプリ、セッション

term-action-own-account = 自分のパスワード・認証アプリ・ログイン状態の管理
term-action-read-logins = ログイン記録の閲覧
term-login-outcome-in = ログイン
term-login-outcome-failed = 失敗
term-login-outcome-throttled = 待ち時間中のため拒否
term-login-outcome-out = ログアウト
term-login-outcome-ended = ログイン状態の終了

label-invited-until = 招待コードの期限
label-password-set-at = パスワードの設定日時
label-recovery-codes-at = 回復コードの発行日時
label-totp-since = 認証アプリの利用開始

event-person-password-set = パスワードを設定
event-person-invited = 招待コードを発行
event-person-totp-enrolled = 認証アプリを登録
event-person-totp-removed = 認証アプリを解除
event-person-recovery-codes-issued = 回復コードを発行

reason-password-too-short = パスワードが短すぎます。{ $least } 文字以上にしてください。文章のように長くすると覚えやすく、空白や日本語も使えます。記号や数字を混ぜる必要はありません。
reason-password-too-long = パスワードが長すぎます。{ $most } 文字以内にしてください。
reason-password-is-name = 自分の名前はパスワードに使えません。別のものにしてください。
reason-password-common = よく使われるパスワードです。すぐに推測されるため、別のものにしてください。
reason-password-wrong = 現在のパスワードが違います。忘れた場合は、管理者に招待コードを発行してもらってください。
reason-password-missing = パスワードがまだありません。先にパスワードを設定してください。
reason-totp-already = 認証アプリは登録済みです。別の端末に替えるときは、先に解除してください。
reason-totp-missing = 認証アプリが登録されていないか、登録の手続きから 15 分を過ぎました。登録を始めからやり直してください。
reason-code-wrong = コードが違います。認証アプリに今表示されている 6 桁を入力してください。一度使ったコードは使えません。続けて違うと表示されるときは、スマートフォンの時計を確認してください。
reason-invitation-invalid = 氏名か招待コードが違うか、コードが使用済みまたは期限切れです。管理者に新しい招待コードを発行してもらってください。
reason-tries-exhausted = 続けて間違えたため、{ $seconds } 秒待ってからもう一度入力してください。

accounts-col-session = ID
accounts-col-begun = ログイン
accounts-col-seen = 最終利用
accounts-col-expires = 期限
accounts-col-address = 接続元
accounts-col-agent = ブラウザー
accounts-col-at = 日時
accounts-col-outcome = 結果
accounts-col-person = 利用者
accounts-no-sessions = ログイン中のブラウザーはありません。
accounts-no-logins = ログインの記録はありません。
accounts-nobody = （特定できません）
accounts-more = 続きは --before { $number } で表示します。

help-setup-password-stdin = 最初の人のパスワードを標準入力の 1 行目から読む（ブラウザーでログインするため）
help-user-password = 自分のパスワードを設定。氏名を指定すると、その人の招待コードを発行（管理者）
help-user-password-person = 招待コードを渡す人。省略すると自分のパスワードを設定します
help-any-password-stdin = パスワードを端末で尋ねず、標準入力から読む（1 行に 1 つ）
help-user-sessions = ログイン中のブラウザーの一覧。本人または管理者
help-user-sessions-person = 氏名または ID。省略すると自分
help-user-end-session = ブラウザーのログイン状態を終わらせる。本人または管理者
help-user-end-session-session = 終わらせるログイン状態の ID（user sessions で確認）
help-user-end-session-all-of = この人のログイン状態をすべて終わらせる
help-user-logins = ログインの記録：成功・失敗・ログアウト、日時と接続元。全員分は管理者と監査、自分の分は誰でも
help-user-logins-person = この人の記録だけ
help-user-logins-own = 自分の記録だけ
help-user-logins-outcome = この結果だけ：in ログイン、failed 失敗、throttled 待ち時間中の拒否、out ログアウト、ended 終了
help-user-logins-before = この番号より前の記録（前のページの末尾に表示）
help-user-totp = 認証アプリ（登録はブラウザーで行います）
help-user-totp-remove = 認証アプリを解除。自分の分はパスワードが必要、ほかの人の分は管理者
help-user-totp-remove-person = 氏名または ID。省略すると自分

cli-password-old = 現在のパスワード：
cli-password-new = 新しいパスワード（12 文字以上）：
cli-password-again = もう一度：
cli-password-differs = 2 回の入力が一致しません。何も変更していません。もう一度実行してください。
cli-password-no-terminal = パスワードを端末で尋ねることができません（{ $reason }）。標準入力から渡すときは --password-stdin を付けてください。
cli-password-stdin = 標準入力からパスワードを読めません。1 行に 1 つ書いてください：現在のパスワード（ある場合）、新しいパスワードの順です。
cli-invitation-once = この招待コードは一度だけ表示し、どこにも保存しません。24 時間以内に一度だけ使えます。本人に直接渡してください：
cli-invitation-repeated = 同じ要求は実行済みです。招待コードはそのときに表示し、どこにも保存していません。
cli-session-ended = ログイン状態を終わらせました。
cli-sessions-ended = ログイン状態を { $count } 件終わらせました。
cli-session-unknown = ログイン状態が終了しています。もう一度ログインしてください。
