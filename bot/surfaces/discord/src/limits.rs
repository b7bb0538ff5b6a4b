//! Discord's limits: every number in one place, with where it comes from.
//! Used by everything in this crate that makes a body for Discord.
//! Must never be raised to what a document promises where a measured limit is lower.

/// Text of all parts of a message of the second generation, in UTF-16 code units: the documentation says 4,000
/// characters without saying which (reference "Message", docs pull request 8562); units are never fewer than characters.
pub const TEXT: usize = 3_900;

/// The same text in bytes of UTF-8: near 10,170 the server answers 500 (issue 8554 of discord-api-docs).
pub const TEXT_BYTES: usize = 9_800;

/// Parts of a message with all that they hold (reference "Component").
pub const COMPONENTS: usize = 40;

/// Buttons in a row (reference "Component", action row).
pub const ROW: usize = 5;

/// Rows of buttons in a message of ours: what is more is no choice that a person reads.
pub const ROWS: usize = 5;

/// Characters of a `custom_id` (reference "Component").
pub const CUSTOM_ID: usize = 100;

/// Characters of a button's label (reference "Component"); its design guideline says 38.
pub const BUTTON: usize = 80;

/// Characters of a modal's title (reference "Receiving and Responding", modal).
pub const MODAL_TITLE: usize = 45;

/// Rows of a modal (the same).
pub const MODAL_ROWS: usize = 5;

/// Characters of a field's label (reference "Component", text input).
pub const FIELD_LABEL: usize = 45;

/// Characters of what stands in an empty field (the same).
pub const FIELD_HINT: usize = 100;

/// Characters of a field's value (the same).
pub const FIELD_VALUE: usize = 4_000;

/// Characters of a command's or option's name (reference "Application Commands").
pub const COMMAND_NAME: usize = 32;

/// Characters of a command's or option's description (the same).
pub const DESCRIPTION: usize = 100;

/// Options of a command, and choices of an option or of an autocompletion (the same).
pub const OPTIONS: usize = 25;

/// Characters of a choice's name and of its value (the same).
pub const CHOICE: usize = 100;

/// Characters of one command: names, descriptions and values, of each the longest localisation (the same).
pub const COMMAND: usize = 8_000;

/// Commands of an application everywhere (the same).
pub const COMMANDS: usize = 100;

/// Characters of a file's description (reference "Message", attachment).
pub const ALT_TEXT: usize = 1_024;

/// Bytes of a file. 10 MiB are allowed where nobody pays for more (reference "Uploading Files"); the rest is room.
pub const FILE: usize = 9 * 1024 * 1024;

/// Ids of one kind that a message may mention (reference "Message", allowed mentions).
pub const MENTIONS: usize = 100;

/// Messages that one text may take before it becomes a file: a habit of ours, so that a thread stays readable.
pub const MESSAGES: usize = 3;
