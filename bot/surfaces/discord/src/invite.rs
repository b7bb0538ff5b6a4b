//! The invitation: the least that a server has to give the bot.
//! Printed by `chopmark init discord`; the doctor looks for the same permissions.
//! Must never ask for a permission that nothing here uses.

use serenity::all::Permissions;

/// Every permission with what it is for (discord.com/developers/docs/topics/permissions).
pub const PERMISSIONS: [(Permissions, &str); 6] = [
    (Permissions::VIEW_CHANNEL, "see where it is spoken to"),
    (Permissions::SEND_MESSAGES, "answer, and draw cards"),
    (Permissions::CREATE_PUBLIC_THREADS, "a thread for each request"),
    (Permissions::SEND_MESSAGES_IN_THREADS, "answer there"),
    (Permissions::ATTACH_FILES, "the whole plan as a file in the thread"),
    (Permissions::READ_MESSAGE_HISTORY, "find its own messages again, and the message that a thread began with"),
];

/// All of them.
pub fn permissions() -> Permissions {
    PERMISSIONS.iter().fold(Permissions::empty(), |all, (one, _)| all | *one)
}

/// The link that whoever manages a server opens. The id of an application is public.
pub fn link(application: &str) -> String {
    let permissions = permissions().bits();
    format!(
        "https://discord.com/oauth2/authorize?client_id={application}&scope=bot+applications.commands&permissions={permissions}"
    )
}

/// The id of the application that a bot's token belongs to: the first of its three parts, in base 64
/// (discord.com/developers/docs/reference#authentication shows one). None for what is no token.
pub fn application(token: &str) -> Option<String> {
    let mut parts = token.trim().split('.');
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    let whole = parts.next().is_none() && !second.is_empty() && !third.is_empty();
    let id = String::from_utf8(decoded(first)?).ok()?;
    let is_id = id.bytes().all(|byte| byte.is_ascii_digit()) && id.parse::<u64>().is_ok_and(|id| id > 0);
    (whole && is_id).then_some(id)
}

/// The bytes of a text in base 64 without padding (RFC 4648, sections 4 and 5).
fn decoded(text: &str) -> Option<Vec<u8>> {
    let (mut held, mut bits, mut bytes) = (0_u32, 0_u32, Vec::new());
    for letter in text.trim_end_matches('=').bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        held = ((held << 6) | u32::from(value)) & 0xffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((held >> bits) & 0xff).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_asks_for_six_permissions_and_two_scopes_and_no_more() {
        // By hand: 1<<10 | 1<<11 | 1<<35 | 1<<38 | 1<<15 | 1<<16.
        assert_eq!(permissions().bits(), 309_237_746_688);
        assert_eq!(
            link("81384788765712384"),
            "https://discord.com/oauth2/authorize?client_id=81384788765712384\
             &scope=bot+applications.commands&permissions=309237746688"
        );
        assert!(!permissions().intersects(Permissions::ADMINISTRATOR | Permissions::MENTION_EVERYONE));
        assert!(!permissions().intersects(Permissions::MANAGE_MESSAGES | Permissions::MANAGE_THREADS));
    }

    #[test]
    fn a_token_says_whose_it_is_and_what_is_none_says_nothing() {
        // The id 81384788765712384 in base 64, with invented other parts.
        let token = "ODEzODQ3ODg3NjU3MTIzODQ.Abcdef.invented";
        assert_eq!(application(token).as_deref(), Some("81384788765712384"));
        for none in ["", "a.b.c", "TEST.TOKEN.x", "ODEzODQ3ODg3NjU3MTIzODQ", "ODEzODQ3ODg3NjU3MTIzODQ.a.b.c", "MA.a.b"]
        {
            assert_eq!(application(none), None, "{none}");
        }
    }
}
