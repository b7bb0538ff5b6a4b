//! Promises about forms: what they ask, what they mean when they come back, and who may open them.
//! Run with the crate's tests.
//! Must never reach a platform.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use crate::fixture::{Fixture, PEOPLE, speaker, thread, words};
use chopmark_domain::change::Place;
use chopmark_domain::digest::Digest;
use chopmark_domain::ids::Revision;
use chopmark_domain::ledger::EntryKind;
use chopmark_domain::ports::{LedgerFilter, Records as _};
use chopmark_domain::risk::Risk;
use chopmark_protocol::chat::Asks;
use serde_json::json;
use std::collections::BTreeMap;

const ALICE: &str = "discord:100";
const BOB: &str = "discord:200";

struct Scene {
    fixture: Fixture,
    id: ChangeId,
    place: Place,
}

impl Scene {
    async fn of(risk: Risk) -> Self {
        let (fixture, place) = (Fixture::open(PEOPLE).await, thread("1"));
        let id = fixture.waiting("chg-7f3k", &place, risk).await;
        Self { fixture, id, place }
    }

    async fn kind(&self, act: Act) -> FormKind {
        let file = self.fixture.house.file(&self.id).await.unwrap();
        let digest = file.record.planned.as_ref().unwrap().digest;
        let seen = Some(Seen { revision: file.change.revision, digest });
        FormKind::Of(Press { what: Pressed::Act { act, change: self.id.clone(), seen }, asks: Asks::Form })
    }

    async fn opens(&self, who: &str, act: Act, most: usize, language: Language) -> Answer<Form> {
        let speaker = Speaker { language: Some(language), ..speaker(who, &self.place) };
        let kind = self.kind(act).await;
        form(&self.fixture.house, FormAsked { speaker, kind, quoted: None, most, language: None }).await
    }

    async fn sends(&self, who: &str, act: Act, values: &[(&str, &str)]) -> Answer<Said> {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let filled = Filled { kind: self.kind(act).await, values: values.collect::<BTreeMap<_, _>>() };
        meant(&self.fixture.house, &filled, &speaker(who, &self.place)).await
    }

    async fn refusals(&self) -> Vec<EntryKind> {
        let filter = LedgerFilter { limit: 1000, ..LedgerFilter::default() };
        let entries = self.fixture.house.store.ledger(&filter).await.unwrap();
        let kinds = entries
            .iter()
            .map(|entry| serde_json::from_str::<chopmark_domain::ledger::EntryContent>(&entry.bytes).unwrap().kind);
        kinds.filter(|kind| matches!(kind, EntryKind::DecisionRefused | EntryKind::AccessRefused)).collect()
    }
}

fn code<T>(answer: Answer<T>) -> Code {
    answer.err().unwrap().code
}

#[tokio::test]
async fn every_title_fits_every_platform_in_both_languages() {
    let scene = Scene::of(Risk::Severe).await;
    for language in [Language::En, Language::Zh] {
        for (who, act) in [(BOB, Act::Approve), (BOB, Act::Reject), (ALICE, Act::Edit)] {
            let form = scene.opens(who, act, 5, language).await.unwrap();
            let longest = form.title.replace(scene.id.as_str(), "chg-7f3kabcdefgh");
            assert!(longest.chars().count() <= 24, "{longest}");
            assert!([&form.submit, &form.close].iter().all(|word| word.chars().count() <= 24), "{form:?}");
            assert!(form.fields.iter().all(|field| field.label.chars().count() <= LONGEST_LABEL), "{form:?}");
            let hints = form.fields.iter().filter_map(|field| field.hint.as_ref());
            assert!(hints.clone().all(|hint| hint.chars().count() <= LONGEST_HINT), "{form:?}");
        }
        let asked = ask(FormKind::Ask, None, language);
        assert!(asked.title.chars().count() <= 24, "{}", asked.title);
    }
}

#[tokio::test]
async fn a_rejection_asks_why_and_means_the_command() {
    let scene = Scene::of(Risk::Low).await;
    let form = scene.opens(BOB, Act::Reject, 5, Language::En).await.unwrap();
    let [why] = &form.fields[..] else { unreachable!("{form:?}") };
    assert_eq!((why.kind.clone(), why.required, form.title.as_str()), (FieldKind::Text, false, "Reject chg-7f3k"));
    let said = scene.sends(BOB, Act::Reject, &[(WHY, " too many\nreplicas ")]).await.unwrap();
    let Meant::Command(Command::Reject { change, why }) = &said.meant else { unreachable!("{:?}", said.meant) };
    assert_eq!((change.as_ref(), why.as_deref()), (Some(&scene.id), Some("too many\nreplicas")));
    assert_eq!(said.seen.unwrap().0, scene.id);
    let said = scene.sends(BOB, Act::Reject, &[(WHY, " ")]).await.unwrap();
    assert!(matches!(said.meant, Meant::Command(Command::Reject { why: None, .. })), "{:?}", said.meant);
}

#[tokio::test]
async fn severe_approval_asks_for_the_name_and_what_is_typed_is_the_confirmation() {
    let scene = Scene::of(Risk::Severe).await;
    let form = scene.opens(BOB, Act::Approve, 5, Language::Zh).await.unwrap();
    assert_eq!((form.fields.len(), form.fields[0].required, form.fields[0].value.clone()), (1, true, None));
    for (typed, told) in [("wrong", "CM-5006"), ("cart", "card chg-7f3k")] {
        let said = scene.sends(BOB, Act::Approve, &[(NAME, typed)]).await.unwrap();
        let told_now = scene.fixture.means(BOB, &scene.place, &said.text, said.meant).await;
        assert!(words(&told_now).starts_with(told), "{}", words(&told_now));
    }
    let file = scene.fixture.house.file(&scene.id).await.unwrap();
    assert_eq!(file.decisions.len(), 1);
}

#[tokio::test]
async fn whoever_may_not_gets_no_form_and_the_ledger_knows_it() {
    let scene = Scene::of(Risk::Severe).await;
    assert_eq!(code(scene.opens(ALICE, Act::Approve, 5, Language::En).await), Code::MayNotDecide);
    assert_eq!(code(scene.opens("discord:666", Act::Reject, 5, Language::En).await), Code::NoRight);
    assert_eq!(code(scene.opens("discord:666", Act::Edit, 5, Language::En).await), Code::NoRight);
    let refusals = scene.refusals().await;
    assert_eq!(refusals, [EntryKind::DecisionRefused, EntryKind::AccessRefused, EntryKind::AccessRefused]);
}

#[tokio::test]
async fn an_old_button_opens_nothing_and_says_so() {
    let scene = Scene::of(Risk::Severe).await;
    let old = Some(Seen { revision: Revision(7), digest: Digest::of(b"old") });
    for act in [Act::Approve, Act::Edit] {
        let what = Pressed::Act { act, change: scene.id.clone(), seen: old };
        let kind = FormKind::Of(Press { what, asks: Asks::Form });
        let speaker = speaker(BOB, &scene.place);
        let asked = FormAsked { speaker, kind, quoted: None, most: 5, language: None };
        assert_eq!(code(form(&scene.fixture.house, asked).await), Code::DecisionOutdated);
    }
    let alice = scene.fixture.person(ALICE).await;
    scene.fixture.house.engine.cancel(&scene.id, &alice).await.unwrap();
    assert_eq!(code(scene.opens(BOB, Act::Approve, 5, Language::En).await), Code::WrongState);
    assert_eq!(code(scene.opens(ALICE, Act::Edit, 5, Language::En).await), Code::WrongState);
}

#[tokio::test]
async fn an_edit_shows_present_values_what_was_said_first_and_words_for_the_rest() {
    let scene = Scene::of(Risk::Low).await;
    let form = scene.opens(ALICE, Act::Edit, 5, Language::En).await.unwrap();
    let names: Vec<_> = form.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!((names.len(), names[4]), (5, WORDS), "{names:?}");
    let field = |name: &str| form.fields.iter().find(|field| field.name == name).unwrap();
    assert_eq!(field("replicas").value.as_deref(), Some("2"));
    assert!(field("replicas").hint.as_deref().unwrap().contains(" to "), "{:?}", field("replicas"));
    assert!(names[..3].iter().all(|name| ["image", "replicas", "port"].contains(name)), "{names:?}");
    let all = scene.opens(ALICE, Act::Edit, 100, Language::Zh).await.unwrap();
    assert!(all.fields.len() > 5);
    let choices = all.fields.iter().filter(|field| matches!(field.kind, FieldKind::Choice(_))).count();
    assert!(choices > 0, "{all:?}");
}

#[tokio::test]
async fn of_an_edit_only_what_was_changed_is_handed_over() {
    let scene = Scene::of(Risk::Low).await;
    let form = scene.opens(ALICE, Act::Edit, 100, Language::En).await.unwrap();
    let as_it_was: BTreeMap<_, _> =
        form.fields.iter().map(|field| (field.name.clone(), field.value.clone().unwrap_or_default())).collect();
    let sends = async |values: &BTreeMap<String, String>| {
        let filled = Filled { kind: scene.kind(Act::Edit).await, values: values.clone() };
        meant(&scene.fixture.house, &filled, &speaker(ALICE, &scene.place)).await
    };
    assert_eq!(code(sends(&as_it_was).await), Code::NothingToChange);
    let mut changed = as_it_was;
    changed.insert("replicas".to_owned(), " 5 ".to_owned());
    let said = sends(&changed).await.unwrap();
    let Meant::Tool("propose_edit", arguments) = &said.meant else { unreachable!("{:?}", said.meant) };
    assert_eq!(*arguments, json!({"change": "chg-7f3k", "values": {"replicas": 5}}));
    assert_eq!(said.text, "edit chg-7f3k replicas=5");
}

#[tokio::test]
async fn words_go_to_the_assistant_with_the_values_and_a_secret_goes_nowhere() {
    let scene = Scene::of(Risk::Low).await;
    let said = scene.sends(ALICE, Act::Edit, &[("replicas", "4"), (WORDS, "port 9090")]).await.unwrap();
    assert!(matches!(&said.meant, Meant::Command(Command::Edit { words, .. }) if words == "replicas=4, port 9090"));
    let form = scene.opens(ALICE, Act::Edit, 100, Language::En).await.unwrap();
    let secrets =
        form.fields.iter().find(|field| field.hint.as_deref().is_some_and(|hint| hint.contains("NAME=VALUE")));
    let name = secrets.map(|field| field.name.clone()).unwrap();
    let file = scene.fixture.house.file(&scene.id).await.unwrap();
    let template = file.record.draft.template().unwrap();
    let template = scene.fixture.house.toolbox.catalog.get(template).unwrap();
    let secret = template.parameters.iter().find(|parameter| {
        matches!(
            parameter.kind,
            chopmark_catalog::ParameterKind::Map { values: chopmark_catalog::EntryKind::Secret, .. }
        )
    });
    if let Some(secret) = secret {
        let sent = scene.sends(ALICE, Act::Edit, &[(&secret.name, "TOKEN=hunter2"), (WORDS, "port 9090")]).await;
        assert_eq!(code(sent), Code::InvalidSecretReference, "only references go on");
    }
    let broken = scene.sends(ALICE, Act::Edit, &[(&name, "no entry")]).await;
    assert_eq!(code(broken), Code::InvalidParameter);
    let entry = scene.sends(ALICE, Act::Edit, &[(&name, "A=env:A")]).await.unwrap();
    assert!(matches!(entry.meant, Meant::Tool("propose_edit", _)), "{:?}", entry.meant);
}

#[tokio::test]
async fn a_message_becomes_words_that_the_person_may_change_and_sends_as_theirs() {
    let scene = Scene::of(Risk::Low).await;
    let quoted = Some(format!("  CPU of cart is high\n{}", "x".repeat(5000)));
    let asked =
        FormAsked { speaker: speaker(ALICE, &scene.place), kind: FormKind::Ask, quoted, most: 5, language: None };
    let form = form(&scene.fixture.house, asked).await.unwrap();
    let value = form.fields[0].value.clone().unwrap();
    assert!(value.starts_with("CPU of cart") && value.chars().count() == LONGEST_TEXT && value.ends_with('…'));
    let values = BTreeMap::from([(WORDS.to_owned(), "scale cart to 3".to_owned())]);
    let filled = Filled { kind: FormKind::Ask, values };
    let said = meant(&scene.fixture.house, &filled, &speaker(ALICE, &scene.place)).await.unwrap();
    assert!(matches!(said.meant, Meant::Words) && said.text == "scale cart to 3");
    let empty = Filled { kind: FormKind::Ask, values: BTreeMap::new() };
    assert_eq!(code(meant(&scene.fixture.house, &empty, &speaker(ALICE, &scene.place)).await), Code::NothingToActOn);
}
