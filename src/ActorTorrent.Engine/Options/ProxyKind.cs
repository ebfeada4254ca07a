namespace ActorTorrent.Engine.Options;

/// <summary>What a proxy speaks.</summary>
public enum ProxyKind
{
    /// <summary>There is none: everything is connected to directly.</summary>
    None,

    /// <summary>SOCKS 5 (RFC 1928), with a name and password where they are set (RFC 1929).</summary>
    Socks5,

    /// <summary>HTTP's CONNECT (RFC 9110 section 9.3.6), with basic authentication where a name is set (RFC 7617).</summary>
    Http,
}
