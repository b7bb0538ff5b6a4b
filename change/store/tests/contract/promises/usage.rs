//! Promises about what people use: limits hold for each alone, over a minute and a day, however many ask at once.
//! Instantiated for every backend.
//! Must never let one who asks too much cost another anything.

use crate::backend::Backend;
use crate::samples::person;
use chopmark_domain::ports::{Clock as _, Metered, Usage as _};
use chopmark_domain::time::Timestamp;

pub(crate) async fn of_many_requests_at_once_as_many_count_as_the_limit_says<B: Backend>() {
    let backend = B::fresh().await;
    let stores = [backend.open().await, backend.open().await];
    let now = backend.clock().now();
    let flood = Metered::Person(person("flood"));
    let asked: Vec<_> = (0..200)
        .map(|number| {
            let (store, flood) = (stores[number % 2].clone(), flood.clone());
            tokio::spawn(async move { store.request(&flood, 60, now).await.unwrap() })
        })
        .collect();
    let mut counted = 0;
    for one in asked {
        match one.await.unwrap() {
            Ok(()) => counted += 1,
            Err(seconds) => assert!((1..=60).contains(&seconds)),
        }
    }
    assert_eq!(counted, 60);
    // Others, what is urgent, and channels are counted apart.
    for whose in [
        Metered::Person(person("ann")),
        Metered::Urgent(person("flood")),
        Metered::Channel("terminal/flood".to_owned()),
    ] {
        assert_eq!(stores[0].request(&whose, 1, now).await.unwrap(), Ok(()));
        assert_eq!(stores[1].request(&whose, 1, now).await.unwrap(), Err(60));
    }
    // A minute later it is as if nothing had been.
    let later = Timestamp(now.0 + 60_000);
    assert_eq!(stores[1].request(&flood, 60, Timestamp(later.0 - 20_000)).await.unwrap(), Err(20));
    assert_eq!(stores[1].request(&flood, 60, later).await.unwrap(), Ok(()));
}

pub(crate) async fn tokens_are_summed_for_a_person_and_a_day<B: Backend>() {
    let backend = B::fresh().await;
    let store = backend.open().await;
    let day = 24 * 60 * 60 * 1000;
    let noon = Timestamp(20_000 * day + day / 2);
    for tokens in [40, 2, 0] {
        store.spend(&person("ann"), tokens, noon).await.unwrap();
    }
    store.spend(&person("bob"), 7, noon).await.unwrap();
    let spent = |name: &str, at: i64| {
        let (store, who) = (store.clone(), person(name));
        async move { store.spent(&who, Timestamp(at)).await.unwrap() }
    };
    assert_eq!((spent("ann", noon.0).await, spent("bob", noon.0).await, spent("eve", noon.0).await), (42, 7, 0));
    // Midnight in UTC begins another count.
    assert_eq!((spent("ann", 20_000 * day).await, spent("ann", 20_001 * day).await), (42, 0));
    store.spend(&person("ann"), u64::MAX, noon).await.unwrap();
    store.spend(&person("ann"), 5, noon).await.unwrap();
    assert_eq!(spent("ann", noon.0).await, i64::MAX.unsigned_abs());
    // Old days are forgotten with a new one.
    store.spend(&person("ann"), 1, Timestamp(noon.0 + 50 * day)).await.unwrap();
    assert_eq!((spent("ann", noon.0).await, spent("bob", noon.0).await), (0, 0));
}
