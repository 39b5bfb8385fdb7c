# What TWCA asks for, which has issued certificates for government sites since March 2025.
# gtlsca.profile explains the keys.

[profile]
Title=TWCA, Taiwan CA (for government sites)
Title[zh_TW]=臺灣網路認證（TWCA）政府網站憑證

[acme]
# Directory and Accounts are not public: TWCA tells them to its customers. Put them into your copy.
Challenges=http-01;dns-01

[preregistration]
NextStep=TWCA has published neither a pre-registration page nor an address that takes this file. Ask TWCA how it ties your ACME account to your agency.
NextStep[zh_TW]=TWCA 未公開預註冊網頁，亦無可接收此檔案的網址。請洽 TWCA 詢問如何將 ACME 帳號與貴機關綁定。

[names]
# Not published; so the careful choice.
Wildcard=false
IpAddress=false

[subject]
Country=TW
Locality=臺灣
OrganizationPrefix=政府機關-
OrganizationSeparator=-
OrganizationParts=O;OU
LocalParts=L;O;OU
LocalPartsConfirmed=false

[keys]
Types=RSA
Bits=2048

[chain]
# From the leaf's issuer upwards; what stands above it is TWCA's to say.
Certificates=TWCA Secure SSL CA

[renewal]
LifetimePercent=67

[card]
RenewalPlace=GCA counter, https://gca.nat.gov.tw/
RenewalPlace[zh_TW]=GCA 服務窗口，https://gca.nat.gov.tw/
UnblockPlace=Only the GCA counter or GCA's web page can unblock it: https://gca.nat.gov.tw/
UnblockPlace[zh_TW]=僅能由 GCA 服務窗口或其網頁解鎖：https://gca.nat.gov.tw/

[anchor GRCA2]
Url=https://grca.nat.gov.tw/repository/Certs/GRCA2.cer
Sha256=70b922bfda0e3f4a342e4ee22d579ae598d071cc5ec9c30f123680340388aea5

[anchor GCA2]
Url=https://gca.nat.gov.tw/repository/Certs/GCA2.cer
Sha256=1f992b635905fc0eecedaabceaf9741d77778dd838de92b5bb5111722f4631d6
