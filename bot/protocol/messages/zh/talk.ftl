### talk
