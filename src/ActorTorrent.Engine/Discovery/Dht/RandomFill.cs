namespace ActorTorrent.Engine.Discovery.Dht;

/// <summary>Fills memory by chance: the system's source in earnest, a seeded one in simulations.</summary>
internal delegate void RandomFill(Span<byte> bytes);
