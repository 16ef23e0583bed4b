# 検知: ネットワーク上で検知したものと登録との照合

# 用語
term-record-kind-sighting = 検知
term-record-kind-sighting-import = 検知の取込
term-sighting-kind-retired-seen = 停止・廃棄機器を検知
term-sighting-kind-unknown-device = 未登録機器
term-sighting-kind-randomised-device = 未登録機器（MAC 可変）
term-sighting-kind-not-seen = 長期未検知
term-sighting-kind-firmware-changed = 版の相違
term-sighting-kind-address-changed = アドレスの相違
term-sighting-state-open = 未対応
term-sighting-state-explained = 説明済み
term-sighting-state-registered = 登録済み
term-sighting-state-resolved = 解消
term-sighting-resolution-known = 登録された
term-sighting-resolution-same-device = MAC アドレスによる別の検知と同じ機器
term-sighting-resolution-in-use-again = 使用を再開した
term-sighting-resolution-disconnected = 最後の検知より後に切り離しを確認した
term-sighting-resolution-seen = 検知された
term-sighting-resolution-as-registered = 検知した値が登録と一致した
term-sighting-resolution-not-in-use = 使用していない
term-sighting-basis-mac = MAC アドレス
term-sighting-basis-serial = 製造番号
term-sighting-basis-name = ホスト名
term-sighting-basis-address = 固定 IP アドレスのみ
term-sighting-import-state-complete = すべて読み取り
term-sighting-import-state-partial = 一部のみ読み取り
term-lease-state-active = 貸出中
term-lease-state-reserved = 予約
term-lease-state-ended = 終了
term-sighting-format-nmap-xml = nmap（XML）
term-sighting-format-arp-windows = ARP 表（Windows の arp -a）
term-sighting-format-arp-list = ARP 表（arp -a）
term-sighting-format-arp-table = ARP 表（arp -n）
term-sighting-format-ip-neigh = ARP 表（ip neigh）
term-sighting-format-proc-net-arp = ARP 表（/proc/net/arp）
term-sighting-format-cisco-arp = ARP 表（Cisco）
term-sighting-format-cisco-mac = スイッチの MAC アドレス表（Cisco）
term-sighting-format-switch-mac = スイッチの MAC アドレス表（他社）
term-sighting-format-dhcpd-leases = DHCP の貸出（ISC dhcpd.leases）
term-sighting-format-dhcpd6-leases = DHCPv6 の貸出（ISC dhcpd6.leases）
term-sighting-format-kea-leases = DHCP の貸出（ISC Kea）
term-sighting-format-dnsmasq-leases = DHCP の貸出（dnsmasq）
term-sighting-format-dhcp-csv = DHCP の貸出（Windows、CSV）
term-sighting-format-dhcp-netsh = DHCP の貸出（Windows、netsh）
term-sighting-format-table = 見出しのある表（CSV、TSV）
term-step-explain-sighting = 検知の説明
term-step-register-sighting = 登録済みの機器との対応付け
term-step-close-sighting = 検知の終了

# 見出し
label-absent-days = 未検知とみなす日数
label-addresses = IP アドレス
label-basis = 同定の根拠
label-compared-at = 照合
label-compared-with = 照合した登録機器
label-device = 機器情報台帳
label-discrepancies = 不一致
label-files = ファイル
label-first-seen = 最初の検知
label-hardware-maker = ネットワークカードの製造元
label-known-devices = うち登録済み
label-mac = MAC アドレス
label-network = ネットワーク
label-new-discrepancies = 新規
label-observed = 件数
label-port = ポート
label-ranges = 調べたアドレス
label-register-key = 台帳のキー
label-registered-as = 登録
label-registered-value = 登録値
label-reopened-discrepancies = 再度未対応
label-resolved-discrepancies = 解消
label-seen-devices = 検知した機器
label-seen-names = ホスト名
label-seen-version = 検知した版
label-skipped = 対象外
label-taken-at = 採取
label-unreadable = 読み取れない行

# 出来事
event-sighting-opened = 検知
event-sighting-seen-again = 再び検知
event-sighting-reopened = 再度未対応
event-sighting-explained = 説明
event-sighting-registered = 登録
event-sighting-resolved = 解消
event-sighting-import-recorded = ファイルの読み取り
event-sighting-import-compared = 照合

# 理由
reason-sighting-needs-disconnection = 停止・廃棄した機器の検知（最後の検知 { $last }）は、その後に切り離しを確認するまで終了できません。機器を探して切り離し、機器情報台帳で確認を記録してください（{ $do-device-confirm-disconnected }）。
reason-sighting-not-unknown = 登録済みの機器です。対応付けできるのは未登録機器だけです。
reason-sighting-not-retired = 切り離しで終了できるのは、停止・廃棄した機器の検知だけです。説明するか、登録を正してください。
reason-sighting-asset-unknown = 台帳にその機器はありません。台帳に記入して取り込み（{ $do-inventory-import }）、キーまたは管理番号を指定してください。
reason-sighting-to-register = 何の機器か（{ $seen }）を調べ、登録するか（{ $do-inventory-import }、{ $do-sighting-register }）、期限を付けて説明してください。
reason-sighting-to-find = 機器を探すか、台帳で廃止にするか、いつまで不在かを説明してください。
reason-sighting-to-record = 検知した値（{ $seen }）を機器情報台帳または台帳に記録するか（版は { $do-sighting-accept-version }）、期限を付けて説明してください。
reason-sighting-taken-missing = { $file } には採取日時がありません。{ $with-taken } 2026-11-26T09:00:00+09:00 または { $with-taken } 2026-11-26 のように指定してください。
reason-sighting-register-empty = 照合する相手がありません。台帳にも機器情報台帳にも、MAC アドレス、IP アドレス、ホスト名、製造番号のいずれかを持つ機器がありません。先に台帳を取り込んでください（{ $do-inventory-import }）。
reason-sighting-no-dossier = { $asset } には、版を記録する機器情報台帳がありません。作成するか（{ $do-device-new }）、台帳に版を記入して取り込んでください。
reason-sighting-nothing-imported = まだ何も取り込まれていません。先にファイルを取り込んでください（{ $do-task-sighting-import }）。
reason-sighting-randomised = MAC アドレスを自ら作り、名前のない未登録の機器（携帯端末、仮想マシンなど）が { $count } 台あります。個別には一覧しません: { $examples }
reason-sighting-address-only = IP アドレスしか分からない未登録の機器が { $count } 台あります。ルータの ARP 表も取り込んでください: { $examples }
reason-sighting-name-ambiguous = 複数の登録機器と名前が同じ機器が { $count } 台あります: { $examples }
reason-sighting-known-by-address = 固定 IP アドレスだけで登録済みとみなした機器が { $count } 台あります。別の機器が使っている可能性があります: { $examples }
reason-sighting-not-watched = 取り込んだファイルのないネットワークの登録機器が { $count } 台あります。検知の有無は分かりません: { $examples }
reason-sighting-not-shown = 登録にある識別子がファイルに現れないため、検知できなかった可能性のある登録機器が { $count } 台あります: { $examples }
reason-sighting-watched-too-short = 未検知の登録機器が { $count } 台ありますが、そのネットワークをまだ { $days } 日間見ていません: { $examples }
reason-sighting-absence-not-asked = 登録機器の未検知は調べていません（{ $with-absent-days }）。
reason-control-retired-seen = 停止・廃棄した機器がネットワーク上で { $count } 件検知されています。切り離し、確認を記録してください。
reason-control-unknown-devices = 未登録の機器がネットワーク上に { $count } 件あります。登録するか、説明してください。

# 誤った指定
usage-expected-taken = 2026-11-26T09:00:00+09:00 のような日時（時差付き）、または 2026-11-26 のような日付を指定してください。
usage-expected-range = 10.1.2.0/24 または 10.1.2.10-10.1.2.99 のようなアドレスを指定してください。

# ヘルプ
help-device-sightings = ネットワーク上の検知と登録との照合（停止・廃棄機器の検知、未登録、未検知、相違）
help-device-sightings-import = ネットワーク上の機器のファイル（nmap、ARP、DHCP、スイッチ、CSV）を取り込み、台帳・機器情報台帳と照合する
help-device-sightings-import-files = ファイル。形式は内容で判別: nmap XML、arp -a、ip neigh、show mac address-table、dhcpd.leases、CSV など
help-device-sightings-import-network = 採取したネットワーク（台帳での名前）。未検知の判断に使う
help-device-sightings-import-ranges = 全体を調べたアドレス（10.1.2.0/24）。完了した nmap の対象は指定不要。繰り返し可
help-device-sightings-import-taken = 採取日時（ファイルにない場合）。時差付きの日時、または日付（その日の終わりとみなす）
help-device-sightings-import-absent-days = 調べたネットワークで、この日数検知されていない登録機器も挙げる
help-device-sightings-compare = 各ネットワークの最後の取込を照合し直す（登録の変更後、日数の経過後）
help-device-sightings-compare-absent-days = 調べたネットワークで、この日数検知されていない登録機器も挙げる
help-device-sightings-list = 未対応の不一致を一覧する（停止・廃棄機器の検知が先頭）
help-device-sightings-show = 不一致を表示する
help-device-sightings-explain = 期限を付けて不一致を説明する（停止・廃棄機器は不可）
help-device-sightings-register = 未登録機器が登録済みのどの機器かを記録する
help-device-sightings-register-asset = 台帳のキー、管理番号、または名称。省略すると名前の一致する登録機器
help-device-sightings-accept-version = 検知した版を機器情報台帳に記録する
help-device-sightings-close = 最後の検知より後に切り離しを確認した停止・廃棄機器の検知を終了する
help-device-sightings-imports = 取込を一覧する
help-device-sightings-show-import = 取込（ファイル、件数、結果）を表示する
