### card
