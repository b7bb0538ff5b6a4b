//! Every number of Slack's limits, in one table, each with its source.
//! Used by everything here that draws, and by the tests that look whether it fits.
//! Must never be got round: a number that stands elsewhere is a mistake.

/// Blocks of a message that we use. Slack takes 50 (docs.slack.dev/reference/block-kit/blocks); some blocks grow into
/// several on Slack's side.
pub const BLOCKS: usize = 45;

/// Characters of all blocks of a message together, counted with everything that their JSON needs. Slack answers
/// `msg_blocks_too_long` from about 13,200 on; it publishes no number and counts containers too
/// (github.com/slackapi/bolt-js issues 2509 and 2867).
pub const BLOCKS_CHARACTERS: usize = 12_000;

/// Characters of one of our blocks of text, counted likewise. A section takes 3,000
/// (docs.slack.dev/reference/block-kit/blocks/section-block); for rich text no number is published, so the same.
pub const BLOCK_CHARACTERS: usize = 3_000;

/// Characters of a message's `text`, which notifications and screen readers use. From 4,000 on it is cut in places
/// (docs.slack.dev/reference/methods/chat.postMessage).
pub const TEXT_CHARACTERS: usize = 4_000;

/// Characters of a header (docs.slack.dev/reference/block-kit/blocks/header-block).
pub const HEADER_CHARACTERS: usize = 150;

/// Entries of a context block (docs.slack.dev/reference/block-kit/blocks/context-block).
pub const CONTEXT_ELEMENTS: usize = 10;

/// Buttons of an actions block (docs.slack.dev/reference/block-kit/blocks/actions-block).
pub const ACTIONS_ELEMENTS: usize = 25;

/// Characters of a button's word (docs.slack.dev/reference/block-kit/block-elements/button-element).
pub const BUTTON_CHARACTERS: usize = 75;

/// Characters of what a screen reader says for a button (the same page).
pub const ACCESSIBILITY_LABEL_CHARACTERS: usize = 75;

/// Characters of an `action_id` and of a `block_id` (the same page).
pub const ID_CHARACTERS: usize = 255;

/// Characters of a dialog's title (docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object).
pub const CONFIRM_TITLE_CHARACTERS: usize = 100;

/// Characters of a dialog's text (the same page).
pub const CONFIRM_TEXT_CHARACTERS: usize = 300;

/// Characters of a dialog's buttons (the same page).
pub const CONFIRM_BUTTON_CHARACTERS: usize = 30;

/// Characters of a view's title, and of the words that send and leave it (docs.slack.dev/reference/views/modal-views).
pub const VIEW_TITLE_CHARACTERS: usize = 24;

/// Blocks of a view (the same page).
pub const VIEW_BLOCKS: usize = 100;

/// Characters of a view's `private_metadata` (the same page).
pub const PRIVATE_METADATA_CHARACTERS: usize = 3_000;

/// Characters of a view's `callback_id` (the same page).
pub const CALLBACK_ID_CHARACTERS: usize = 255;

/// Characters of an input's label and of its hint (docs.slack.dev/reference/block-kit/blocks/input-block).
pub const LABEL_CHARACTERS: usize = 2_000;

/// Characters that somebody can type into a field
/// (docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element).
pub const INPUT_CHARACTERS: usize = 3_000;

/// Options of a menu (docs.slack.dev/reference/block-kit/block-elements/select-menu-element).
pub const OPTIONS: usize = 100;

/// Characters of what an option shows (docs.slack.dev/reference/block-kit/composition-objects/option-object).
pub const OPTION_CHARACTERS: usize = 75;

/// Characters of what an option sends (the same page).
pub const OPTION_VALUE_CHARACTERS: usize = 150;

/// Messages that one text may take before the rest of it becomes a file. Ours: Slack takes about one message a second
/// in a channel (docs.slack.dev/apis/web-api/rate-limits), and nobody reads a fourth.
pub const MESSAGES: usize = 3;

/// Mentions that a message may hold. Ours: approvers are some people or a group, never a list of everybody.
pub const MENTIONS: usize = 50;

/// Characters of a name by which somebody is addressed (slack.com/help/articles/216360827: a display name has 80).
pub const NAME_CHARACTERS: usize = 80;

/// Characters of a file's line: its alternative text has 1,000
/// (docs.slack.dev/reference/methods/files.getUploadURLExternal, `alt_txt`).
pub const DESCRIPTION_CHARACTERS: usize = 1_000;
