//! At a keyboard: what a person sees and presses, in a real terminal.
//! Types through a pseudo-terminal.
//! Must never leave the terminal or the person stuck.

use super::DEPLOY;
use crate::kit::scene::Scene;
use crate::kit::screen::Screen;
use crate::kit::wait_for;

#[test]
fn a_request_is_shown_approved_and_done_at_a_keyboard() {
    let scene = Scene::new();
    let Some(screen) = Screen::open(&scene, "done", "") else { return };
    screen.shows("hree things to try");
    screen.line(DEPLOY);
    screen.shows("local/shop/cart");
    wait_for("the change", || scene.database().exists().then_some(()));
    screen.shows("approve");
    screen.line("approve");
    wait_for("the commit", || scene.repository().join("shop/cart/deployment.yaml").exists().then_some(()));
    screen.line("quit");
    screen.shows("ended with 0");
}

#[test]
fn ctrl_c_discards_a_line_and_ctrl_d_leaves() {
    let scene = Scene::new();
    let Some(screen) = Screen::open(&scene, "keys", "") else { return };
    screen.shows("hree things to try");
    screen.types("deploy image nginx:1.27 as ca");
    screen.key("C-c");
    // The old prompt is emptied before the new one listens.
    screen.shows("Line discarded");
    screen.line("list components");
    screen.shows("no components");
    screen.asks();
    screen.key("C-d");
    screen.shows("ended with 0");
    let finished = scene.run(&["changes", "--all"]).ended(0);
    assert!(!finished.stdout.contains("chg-"), "{}", finished.stdout);
}

#[test]
fn a_severe_change_asks_for_the_name_at_the_keyboard() {
    let scene = Scene::new();
    scene.carry_out(DEPLOY);
    let Some(screen) = Screen::open(&scene, "severe", "") else { return };
    screen.shows("hree things to try");
    screen.line("delete cart in shop");
    screen.shows("SEVERE");
    screen.line("approve");
    screen.shows("Type the component's name");
    screen.line("tart");
    screen.shows("Nothing was approved");
    assert!(scene.repository().join("shop/cart").exists());
    screen.line("approve");
    wait_for("the second question", || (screen.text().matches("Type the component's name").count() > 1).then_some(()));
    screen.line("cart");
    wait_for("the delete", || (!scene.repository().join("shop/cart").exists()).then_some(()));
    screen.line("quit");
    screen.shows("ended with 0");
}
