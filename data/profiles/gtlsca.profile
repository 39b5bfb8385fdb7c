# What the Government TLS Certification Authority asks for.
#
# To change something, copy this file to ~/.config/gca-toolkit/profiles/ or
# /etc/gca-toolkit/profiles/ and edit the copy: it takes the place of this one. A file of another
# name there is a profile of its own. An unknown key is refused, so that no typing error passes.

[profile]
Title=Government TLS Certification Authority (GTLSCA)
Title[zh_TW]=政府伺服器數位憑證管理中心（GTLSCA）

[acme]
Directory=https://gtlscaweb.nat.gov.tw/ACMEWeb/directory
# Account addresses, “*” for any characters and “?” for one; host in lower case, without “:443”.
Accounts=https://gtlscaweb.nat.gov.tw/ACMEWeb/acct/?*
# No CaaIdentity=ca.example, the CA's name in CAA records: this one's is not public.
# The first that certbot knows is named in its command line.
Challenges=http-01
ChallengePorts=80;443

[preregistration]
Page=https://gtlscaweb.nat.gov.tw/GCP/views/ACME/ACME_apply.html
# No Endpoint: none is public.
NextStep=GTLSCA has published no address that takes this file. Pre-register on its page https://gtlscaweb.nat.gov.tw/GCP/views/ACME/ACME_apply.html with the same account, domains and contact, or ask GTLSCA whether and how it accepts the file.
NextStep[zh_TW]=GTLSCA 尚未公開可接收此檔案的網址。請至預註冊網頁 https://gtlscaweb.nat.gov.tw/GCP/views/ACME/ACME_apply.html 以相同的帳號、網域與聯絡人辦理，或洽 GTLSCA 詢問是否及如何受理此檔案。
# Of all domain names in one pre-registration, as the page counts them.
MaxCharacters=900

[names]
Wildcard=false
# Public addresses in place of a name.
IpAddress=false
# At most so many names in one certificate; 0 or no such key: no limit.
PerCertificate=1

[subject]
Country=TW
Locality=臺灣
# O: the values of these attributes of the card's name, from the root down, joined.
OrganizationSeparator=-
OrganizationParts=O;OU
# The same for names with L (local governments). How the authority does it is not published.
LocalParts=L;O;OU
LocalPartsConfirmed=false

[keys]
# Only RSA is known.
Types=RSA
# The lengths the authority takes, the smallest first: that one is made unless another is asked for.
Bits=2048

[chain]
# From the leaf's issuer upwards; the root is not sent.
Certificates=GTLSCA;eCA1_to_eCA2-New
# The file of the authority that holds them.
Download=GTLSCA_All.zip

[tls]
# No CaFile=ca.pem: directory and endpoint have certificates that this system trusts. Where a CA's
# have not, the key names the CA certificates (PEM or DER) to trust there too, and only there. A
# relative path is one in this file's folder.

[trust]
Note=Chrome does not trust new TLS certificates of Chunghwa Telecom, which operates GTLSCA, since 2025-07-31. GTLSCA is reported to have paused issuing new ones on 2025-08-01 and to have applied for inclusion again in late 2025; the outcome is not known. What is left: government sites have been served by TWCA since March 2025, through ACME too; ask TWCA how to apply.
Note[zh_TW]=GTLSCA 由中華電信營運；Chrome 自 2025-07-31 起不信賴其新簽發的 TLS 憑證。據報 GTLSCA 於 2025-08-01 暫停簽發，並於 2025 年底重新申請納入信賴，結果未知。替代方式：政府網站自 2025 年 3 月起由 TWCA 簽發憑證，亦可使用 ACME；申請方式請洽 TWCA。
# The day up to which the note is known to hold.
NoteDate=2026-03-15

[letter]
# To whom the application's letter goes (正本).
Addressee=數位發展部

[renewal]
# When a TLS certificate is renewed: a share of its lifetime, for lifetimes get shorter (200 days
# since 2026-03-15, 100 from 2027-03-15, 47 from 2029-03-15).
LifetimePercent=67

[card]
RenewalPlace=GCA counter, https://gca.nat.gov.tw/
RenewalPlace[zh_TW]=GCA 服務窗口，https://gca.nat.gov.tw/
UnblockPlace=Only the GCA counter or GCA's web page can unblock it: https://gca.nat.gov.tw/
UnblockPlace[zh_TW]=僅能由 GCA 服務窗口或其網頁解鎖：https://gca.nat.gov.tw/

# The authorities behind the cards. Their certificates may not be passed on: fetch one, and take it
# in with “gca-card trust import”, which compares it with the fingerprint here.
[anchor GRCA2]
Url=https://grca.nat.gov.tw/repository/Certs/GRCA2.cer
Sha256=70b922bfda0e3f4a342e4ee22d579ae598d071cc5ec9c30f123680340388aea5

[anchor GCA2]
Url=https://gca.nat.gov.tw/repository/Certs/GCA2.cer
Sha256=1f992b635905fc0eecedaabceaf9741d77778dd838de92b5bb5111722f4631d6
