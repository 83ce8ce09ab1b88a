//! A limit on tries to sign in, by username and by address: guessing of passwords takes years,
//! and a flood of tries does not keep the processors busy with hashing.

use std::{net::IpAddr, num::NonZeroU32, time::Duration};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock};

/// Tries at once, and seconds for one more: of one username, and of one address, behind which
/// there may be a whole office or a proxy.
const BY_NAME: (NonZeroU32, u64) = (NonZeroU32::new(10).unwrap(), 6);
const BY_ADDRESS: (NonZeroU32, u64) = (NonZeroU32::new(60).unwrap(), 1);

/// Names and addresses that are remembered before those that have rested are forgotten.
const REMEMBERED: usize = 10_000;

/// Too many tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// Seconds until the next one is looked at, at least 1.
    pub seconds: u64,
}

/// The tries of late.
#[derive(Debug)]
pub struct Throttle {
    names: DefaultKeyedRateLimiter<String>,
    addresses: DefaultKeyedRateLimiter<IpAddr>,
}

impl Default for Throttle {
    fn default() -> Self {
        Self {
            names: limiter(BY_NAME),
            addresses: limiter(BY_ADDRESS),
        }
    }
}

impl Throttle {
    /// Counts a try, or refuses it. IPv6 addresses count by their /64, which is one subscriber's.
    pub fn admit(&self, username: &str, address: IpAddr) -> Result<(), Refused> {
        forget(&self.addresses);
        forget(&self.names);
        check(&self.addresses, &network(address))?;
        check(&self.names, &username.to_lowercase())
    }
}

fn limiter<K: Clone + std::hash::Hash + Eq>(
    (burst, seconds): (NonZeroU32, u64),
) -> DefaultKeyedRateLimiter<K> {
    let quota = Quota::with_period(Duration::from_secs(seconds));
    RateLimiter::keyed(quota.unwrap_or(Quota::per_minute(burst)).allow_burst(burst))
}

fn forget<K: Clone + std::hash::Hash + Eq>(limiter: &DefaultKeyedRateLimiter<K>) {
    if limiter.len() > REMEMBERED {
        limiter.retain_recent();
        limiter.shrink_to_fit();
    }
}

fn check<K: Clone + std::hash::Hash + Eq>(
    limiter: &DefaultKeyedRateLimiter<K>,
    key: &K,
) -> Result<(), Refused> {
    limiter.check_key(key).map_err(|not_until| {
        let wait = not_until.wait_time_from(limiter.clock().now());
        Refused {
            seconds: wait.as_secs() + 1,
        }
    })
}

fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() & !u128::from(u64::MAX)).into()),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_name_has_ten_tries_wherever_they_come_from() {
        let throttle = Throttle::default();
        for last in 0..10 {
            let from = address(&format!("10.0.0.{last}"));
            assert_eq!(throttle.admit("Admin", from), Ok(()));
        }
        let refused = throttle.admit("admin", address("10.0.0.99"));
        let seconds = refused.unwrap_err().seconds;
        assert!((1..=6).contains(&seconds), "{seconds}");
        assert_eq!(throttle.admit("other", address("10.0.0.1")), Ok(()));
    }

    #[test]
    fn an_address_has_sixty_tries_whatever_the_names() {
        let throttle = Throttle::default();
        for n in 0..60 {
            // One subscriber has many addresses of IPv6.
            let from = address(&format!("2001:db8::{n:x}"));
            assert_eq!(throttle.admit(&format!("user{n}"), from), Ok(()));
        }
        assert!(
            throttle
                .admit("one more", address("2001:db8::ffff"))
                .is_err()
        );
        assert_eq!(throttle.admit("one more", address("2001:db8:1::1")), Ok(()));
        assert_eq!(
            throttle.admit("one more", address("::ffff:10.0.0.1")),
            Ok(())
        );
    }
}
