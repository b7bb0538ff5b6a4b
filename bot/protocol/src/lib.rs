//! The contract with every surface: requests and commands in; events, cards and lines out; messages in English and Chinese.
//! Used by bot/surfaces, bot/assistant and bot/app; knows only the domain.
//! Must never know a platform, a store or an engine, nor let text from outside reach a screen unescaped.

pub mod budget;
pub mod card;
pub mod chat;
pub mod command;
pub mod door;
pub mod escape;
pub mod event;
pub mod line;
pub mod messages;
pub mod moment;
pub mod pages;
pub mod plain;
pub mod request;
pub mod view;
pub mod words;
