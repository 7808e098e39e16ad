"""What only a proxy may tell an app: headers that clients have no say in, whichever proxy there is. Pure.

Nobody keeps a list of such headers. These are the ones that apps, frameworks and platforms are known to
believe: those of RFC 7239 and RFC 9440, of CDNs, clouds and service meshes, of proxies that log users in
(oauth2-proxy, Authelia, Authentik, Pomerium, Kong, Tailscale), of Rack, ASP.NET and WebLogic, and those
with which scanners try to get past a proxy. Tokens that prove themselves by a signature are left alone.

Who can be given a rule drops the families that they are of, too, and so what nobody has thought of.
"""

TOLD = (
    "X-Real-IP",
    "X-Forwarded-For",
    "X-Forwarded-Proto",
    "X-Forwarded-Host",
    "X-Forwarded-Port",
    "X-Forwarded-Prefix",
    "X-Request-ID",
)
"""What a proxy of ours itself says in place of what a client does."""

ADDRESS = (
    *("Ali-CDN-Real-IP", "CDN-Real-IP", "CDN-Src-IP", "CF-Connecting-IP", "CF-Connecting-IPv6"),
    *("CF-Connecting-O2O", "CF-Pseudo-IPv4", "Client-IP", "CloudFront-Viewer-Address", "Coming-From"),
    *("EO-Client-IP", "EO-Connecting-IP", "Tencent-Client-IP", "X-Forwarded-Client-Address"),
    *("X-Forwarded-Remote-Addr", "X-Remote-Host", "X-Source-IP", "X-User-IP"),
    *(
        "DO-Connecting-IP",
        "Fastly-Client-IP",
        "Fly-Client-IP",
        "Forwarded",
        "Forwarded-For",
        "HTTP-Client-IP",
    ),
    *("HTTP-X-Forwarded-For", "Incap-Client-IP", "Proxy-Client-IP", "Real-IP", "Remote-Addr", "Remote-Host"),
    *("True-Client-IP", "WL-Proxy-Client-IP", "X-Appengine-Remote-Addr", "X-Appengine-User-IP"),
    *("X-Azure-ClientIP", "X-Azure-SocketIP", "X-Client-Address", "X-Client-IP", "X-ClientIP"),
    *("X-Cluster-Client-IP", "X-Coming-From", "X-Custom-IP-Authorization", "X-Edge-Client-IP"),
    *("X-Envoy-External-Address", "X-Forwarded", "X-Forwarded-By", "X-Forwarded-Client-IP"),
    *("X-Forwarded-For-Original", "X-Forwarded-IP", "X-Nf-Client-Connection-IP", "X-Original-For"),
    *("X-Original-Forwarded-For", "X-Original-IP", "X-Original-Remote-Addr", "X-Originally-Forwarded-For"),
    *("X-Originating-IP", "X-ProxyUser-IP", "X-Real-Client-IP", "X-Remote-Addr", "X-Remote-IP"),
    *("X-Sucuri-ClientIP", "X-True-Client-IP", "X-True-IP", "X-Vercel-Forwarded-For"),
    *("X-Vercel-Proxied-For", "Z-Forwarded-For"),
)

SCHEME = (
    *(
        "CF-Visitor",
        "CloudFront-Forwarded-Proto",
        "Fastly-SSL",
        "Forwarded-Proto",
        "Front-End-Https",
        "HTTPS",
    ),
    *("Incap-Proxy-Proto", "WL-Proxy-SSL", "X-AppService-Proto", "X-ARR-SSL", "X-Appengine-Https"),
    *("X-Client-Proto", "X-Forwarded-Https", "X-Forwarded-Protocol", "X-Forwarded-Scheme"),
    *("X-Forwarded-SSL", "X-HTTPS", "X-Original-Proto", "X-Original-Protocol", "X-Original-Scheme"),
    *("Fly-Forwarded-Port", "Fly-Forwarded-Proto", "Fly-Forwarded-SSL", "X-Edge-Proto", "X-Secure"),
    *("X-Proto", "X-Scheme", "X-SSL", "X-Url-Scheme"),
)

HOST = (
    *("Disguised-Host", "Forwarded-Host", "Host-Override", "X-Appengine-Default-Version-Hostname"),
    *("X-Backend-Host", "X-Forwarded-Authority", "X-Forwarded-HTTP-Host", "X-Forwarded-Hostname"),
    *("X-Forwarded-Server", "X-Gateway-Host", "X-HTTP-Host-Override", "X-Host", "X-Host-Override"),
    *("X-Original-Host", "X-Original-Hostname", "X-Original-Port", "X-Proxy-Host", "X-Real-Host"),
    *("X-Server-Name", "X-Server-Port"),
)

PATH = (
    *(
        "Base-Url",
        "Script-Name",
        "X-Base-Path",
        "X-Base-Url",
        "X-Envoy-Original-Path",
        "X-Envoy-Original-Url",
    ),
    *("X-Forwarded-Base", "X-Forwarded-Base-Path", "X-Forwarded-Context", "X-Forwarded-Path"),
    *("X-Forwarded-Path-Prefix", "X-Forwarded-PathBase", "X-Forwarded-Query", "X-Forwarded-Root"),
    *("X-Forwarded-Uri", "X-Forwarded-Url", "X-Ingress-Path", "X-Mount-Path", "X-Original-Path"),
    *("X-Original-Uri", "X-Original-URL", "X-Override-URL", "X-Path-Base", "X-Path-Prefix"),
    *("X-Proxy-Path", "X-ProxyContextPath", "X-Replaced-Path", "X-Request-Path", "X-Request-Uri"),
    *("X-Rewrite-Uri", "X-Rewrite-URL", "X-Root-Path", "X-Script-Name", "X-WAWS-Unencoded-URL"),
)

METHOD = ("X-Envoy-Original-Method", "X-Forwarded-Method", "X-Original-Method", "X-Rewrite-Method")
"""`X-HTTP-Method-Override` is not one of them: it is a client's own word, and an app's to take or leave."""

USER = (
    *("Cf-Access-Authenticated-User-Email", "OIDC-Access-Token", "OIDC-Claim-Email", "OIDC-Claim-Sub"),
    *("Remote-Email", "Remote-Group", "Remote-Groups", "Remote-Name", "Remote-Roles", "Remote-User"),
    *("Tailscale-User-Login", "Tailscale-User-Name", "Tailscale-User-Profile-Pic", "X-Amzn-Oidc-Accesstoken"),
    *("X-Amzn-Oidc-Identity", "X-Anonymous-Consumer", "X-Auth-Request-Access-Token"),
    *("X-Auth-Request-Email", "X-Auth-Request-Groups", "X-Auth-Request-Preferred-Username"),
    *("X-Auth-Request-User", "X-Authenticated-Email", "X-Authenticated-Groups", "X-Authenticated-Scope"),
    *("X-Authenticated-User", "X-Authenticated-UserId", "X-Authentik-Email", "X-Authentik-Entitlements"),
    *("X-Authentik-Groups", "X-Authentik-Name", "X-Authentik-Uid", "X-Authentik-Username"),
    *("X-Consumer-Custom-ID", "X-Consumer-Groups", "X-Consumer-ID", "X-Consumer-Username"),
    *("X-Credential-Identifier", "X-Credential-Username", "X-Forwarded-Access-Token"),
    *("X-Forwarded-Email", "X-Forwarded-Groups", "X-Forwarded-Preferred-Username", "X-Forwarded-Roles"),
    *("X-Forwarded-User", "X-Goog-Authenticated-User-Email", "X-Goog-Authenticated-User-ID"),
    *("X-MS-Client-Principal", "X-MS-Client-Principal-ID", "X-MS-Client-Principal-IDP"),
    *("X-MS-Client-Principal-Name", "X-MS-Token-AAD-Access-Token", "X-MS-Token-AAD-ID-Token"),
    *("X-Pomerium-Claim-Email", "X-Pomerium-Claim-Groups", "X-Pomerium-Claim-User"),
    *("X-Proxy-User", "X-Remote-Email", "X-Remote-Group", "X-Remote-Groups", "X-Remote-Name"),
    *("X-Remote-Roles", "X-Remote-User", "X-Remote-User-Email", "X-Token-Subject", "X-WebAuth-Email"),
    *("X-WebAuth-Groups", "X-WebAuth-Name", "X-WebAuth-Role", "X-WebAuth-User"),
    *("Auth-User", "X-Auth-Email", "X-Auth-Groups", "X-Auth-Name", "X-Auth-Roles", "X-Auth-User"),
    *("X-Auth-User-Id", "X-Auth-Username", "X-Logged-In-User", "X-SSO-User", "X-User-Claims", "X-Userinfo"),
    *("X-Vouch-IdP-AccessToken", "X-Vouch-IdP-IdToken", "X-Vouch-Success", "X-Vouch-User"),
)

CERTIFICATE = (
    *("Client-Cert", "Client-Cert-Chain", "SSL-Client-Cert", "SSL-Client-Issuer-DN", "SSL-Client-S-DN"),
    *("SSL-Client-Subject-DN", "SSL-Client-Verify", "WL-Proxy-Client-Cert", "X-Amzn-Mtls-Clientcert"),
    *("X-Amzn-Mtls-Clientcert-Issuer", "X-Amzn-Mtls-Clientcert-Leaf", "X-Amzn-Mtls-Clientcert-Serial-Number"),
    *("X-Amzn-Mtls-Clientcert-Subject", "X-Amzn-Mtls-Clientcert-Validity", "X-ARR-ClientCert"),
    *("X-Client-Cert", "X-Client-Certificate", "X-Client-CN", "X-Client-DN", "X-Client-Verify"),
    *(
        "X-ClientCert",
        "X-Forwarded-Client-Cert",
        "X-Forwarded-Client-Cert-Chain",
        "X-Forwarded-SSL-Client-Cert",
    ),
    *("X-Forwarded-TLS-Client-Cert", "X-Forwarded-TLS-Client-Cert-Info", "X-SSL-Cert", "X-SSL-Client-CN"),
    *("X-SSL-Client-Cert", "X-SSL-Client-DN", "X-SSL-Client-Fingerprint", "X-SSL-Client-I-DN"),
    *("X-SSL-Client-Issuer", "X-SSL-Client-Issuer-DN", "X-SSL-Client-S-DN", "X-SSL-Client-SHA1"),
    *("X-SSL-Client-Serial", "X-SSL-Client-Subject", "X-SSL-Client-Subject-DN", "X-SSL-Client-V-End"),
    *("X-SSL-Client-V-Start", "X-SSL-Client-Verify", "X-SSL-Issuer", "X-SSL-Subject"),
    *("X-TLS-Client-Cert", "X-TLS-Client-Verify", "X-Client-Cert-CN", "X-Client-Cert-DN"),
    *("X-Client-Cert-Fingerprint", "X-Client-Cert-Issuer", "X-Client-Cert-Serial", "X-Client-Cert-Subject"),
    *("X-Client-Cert-Verify", "X-Client-SSL-CN", "X-Client-SSL-DN", "X-Client-SSL-Verify", "X-SSL-DN"),
    *("X-SSL-Verify", "X-TLS-Client-CN", "X-TLS-Client-DN"),
)

SERVER = ("Proxy", "X-Accel-Mapping", "X-Sendfile-Type")
"""Where requests of the app's own go (httpoxy), and which files it has its proxy send (Rack::Sendfile)."""

FORGED = (*ADDRESS, *SCHEME, *HOST, *PATH, *METHOD, *USER, *CERTIFICATE, *SERVER)
"""What never gets to an app."""

FAMILIES = (
    *("Forwarded*", "X-Forwarded*", "*-Forwarded-For", "*-Forwarded-Host", "*-Forwarded-Proto"),
    *("*-Client-IP", "*-ClientIP", "*-Connecting-IP", "*-Real-IP", "*-Remote-Addr"),
    *("Remote-*", "X-Remote-*", "*-Remote-User", "X-Authenticated-*", "X-Authentik-*", "X-Auth-Request-*"),
    *("X-WebAuth-*", "X-Pomerium-Claim-*", "X-Vouch-*", "OIDC-*", "Shib-*", "X-Shib-*", "Tailscale-User-*"),
    *("X-Goog-Authenticated-*", "X-MS-Client-Principal*", "X-MS-Token-*", "X-Amzn-Oidc-*"),
    *("Cf-Access-Authenticated-*", "X-Token-Claim-*", "X-JWT-Claim-*"),
    *("SSL-*", "X-SSL-*", "X-TLS-Client-*", "Client-Cert*", "*-Client-Cert", "*-Client-Verify"),
    *("X-Client-Cert*", "X-Client-SSL-*", "X-Amzn-Mtls-*", "X-ARR-*", "WL-Proxy-*", "X-Envoy-*"),
    *("X-Accel-*", "X-Sendfile*", "X-Rewrite-*"),
)
"""Whole families of such names, with `*` for anything at an end of them.

None has what clients' own scripts are known to say, like X-Requested-With, X-CSRF-Token, X-API-Key,
X-Auth-Token, X-User-Agent or X-Client-Version.
"""
