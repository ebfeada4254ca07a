namespace ActorTorrent.Wire.Dht;

/// <summary>The methods as they stand on the wire.</summary>
internal static class KrpcNames
{
    public static ReadOnlySpan<byte> Ping => "ping"u8;

    public static ReadOnlySpan<byte> FindNode => "find_node"u8;

    public static ReadOnlySpan<byte> GetPeers => "get_peers"u8;

    public static ReadOnlySpan<byte> AnnouncePeer => "announce_peer"u8;
}
