//! Whether a token service may be asked: a registry names it, and a hostile one could point it inwards.
//!
//! It must speak TLS, unless it and the registry are both on this machine, and must not lead to a private address unless
//! the registry is there itself. What the checklist's own `network:` leads elsewhere is the user's word, not the registry's.

use crate::{
    clients::Network,
    contract::{Unobserved, Why},
};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// The token service at `text`, which the registry at `registry` named.
///
/// # Errors
/// It may not be asked.
pub(super) async fn admitted(text: &str, registry: &Url, network: &Network) -> Result<Url, Unobserved> {
    let refused = |detail: String| Unobserved::new(Why::Malformed, format!("the challenge of {registry}"), detail);
    let realm = Url::parse(text).ok().filter(Url::has_host);
    let Some(realm) = realm.filter(|realm| realm.username().is_empty() && realm.password().is_none()) else {
        return Err(refused(format!("its token service is no URL: {}", text.escape_debug())));
    };
    let is_home = is_loopback(registry) && registry.scheme() == "http";
    if realm.scheme() != "https" && !(realm.scheme() == "http" && is_home && is_loopback(&realm)) {
        return Err(refused(format!("its token service does not speak TLS: {realm}")));
    }
    if is_inward(&realm, network).await && !is_inward(registry, network).await {
        return Err(refused(format!("its token service leads to a private address: {realm}")));
    }
    Ok(realm)
}

/// True if and only if a credential for the registry may be shown to the token service: it is of the same house.
pub(super) fn is_same_house(realm: &Url, registry: &Url) -> bool {
    let (Some(Host::Domain(realm)), Some(Host::Domain(registry))) = (realm.host(), registry.host()) else {
        return realm.host() == registry.host();
    };
    let house = registry.split_once('.').map_or("", |(_, parent)| parent);
    realm == registry
        || house.contains('.') && (realm == house || realm.strip_suffix(house).is_some_and(|own| own.ends_with('.')))
}

async fn is_inward(url: &Url, network: &Network) -> bool {
    let port = url.port_or_known_default().unwrap_or(443);
    match url.host() {
        Some(Host::Domain(name)) if network.leads_host(name, port).is_some() => false,
        // A name that does not resolve here is the proxy's to resolve, or the request fails by itself.
        Some(Host::Domain(name)) => network.addresses(name).await.is_ok_and(|found| found.into_iter().any(is_private)),
        Some(Host::Ipv4(ip)) => is_private(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => is_private(IpAddr::V6(ip)),
        None => true,
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// Addresses that only this machine or its own network reaches.
fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_private_v4(ip),
        IpAddr::V6(ip) => ip.to_ipv4_mapped().map_or_else(|| is_private_v6(ip), is_private_v4),
    }
}

fn is_private_v4(ip: Ipv4Addr) -> bool {
    let [a, b, ..] = ip.octets();
    let is_shared = a == 100 && (64..128).contains(&b);
    ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_multicast() || a == 0 || a >= 240 || is_shared
}

fn is_private_v6(ip: Ipv6Addr) -> bool {
    ip.is_loopback() || ip.is_unspecified() || ip.is_multicast() || ip.is_unique_local() || ip.is_unicast_link_local()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::network::NetworkSettings;
    use std::path::Path;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a URL")
    }

    async fn is_admitted(realm: &str, registry: &str) -> bool {
        let connect = [("led.example".to_owned(), "127.0.0.1:9".parse().expect("a socket"))].into_iter().collect();
        let settings = NetworkSettings { connect, ..NetworkSettings::default() };
        let network = Network::new(&settings, Path::new(".")).expect("settings");
        admitted(realm, &url(registry), &network).await.is_ok()
    }

    #[tokio::test]
    async fn a_token_service_must_not_lead_inwards() {
        for realm in [
            "https://127.0.0.1/t",
            "https://10.0.0.8/t",
            "https://169.254.169.254/latest",
            "https://[::1]/t",
            "https://[::ffff:10.0.0.1]/t",
            "https://[fd00::1]/t",
            "https://100.64.0.1/t",
            "https://0.0.0.0/t",
            "https://localhost/t",
            "http://203.0.113.7/t",
            "ftp://203.0.113.7/t",
            "https://u:p@203.0.113.7/t",
            "/token",
        ] {
            assert!(!is_admitted(realm, "https://203.0.113.5/").await, "{realm}");
        }
        assert!(is_admitted("https://203.0.113.7/t", "https://203.0.113.5/").await);
    }

    #[tokio::test]
    async fn what_the_user_leads_elsewhere_may_stand_anywhere() {
        assert!(is_admitted("https://led.example/token", "https://led.example/").await);
    }

    #[tokio::test]
    async fn a_registry_on_this_machine_may_have_its_token_service_here() {
        assert!(is_admitted("http://127.0.0.1:5001/token", "http://127.0.0.1:5000/").await);
        assert!(is_admitted("https://10.0.0.9/token", "https://10.0.0.8/").await);
        assert!(!is_admitted("http://10.0.0.9/token", "http://10.0.0.8/").await);
        assert!(!is_admitted("http://203.0.113.7/token", "http://127.0.0.1:5000/").await);
    }

    #[test]
    fn a_credential_stays_in_its_house() {
        let same = |realm: &str, registry: &str| is_same_house(&url(realm), &url(registry));
        assert!(same("https://ghcr.io/token", "https://ghcr.io/"));
        assert!(same("https://auth.docker.io/token", "https://registry-1.docker.io/"));
        assert!(same("https://gitlab.com/jwt/auth", "https://registry.gitlab.com/"));
        assert!(same("http://127.0.0.1:2/t", "http://127.0.0.1:1/"));
        assert!(!same("https://evil.io/token", "https://ghcr.io/"));
        assert!(!same("https://evilocker.io/token", "https://registry-1.docker.io/"));
        assert!(!same("https://xdocker.io/token", "https://registry-1.docker.io/"));
        assert!(!same("http://127.0.0.2/t", "http://127.0.0.1/"));
    }
}
