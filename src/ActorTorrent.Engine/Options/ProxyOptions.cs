namespace ActorTorrent.Engine.Options;

/// <summary>
/// What the <c>actortorrent.proxy</c> section of the HOCON files sets: who connects for us to peers and HTTP trackers. It carries TCP alone, so
/// with one there are no UDP trackers, no DHT and no multicast: they would show what the proxy is to hide.
/// </summary>
public sealed record ProxyOptions
{
    /// <summary>What it speaks.</summary>
    public ProxyKind Kind { get; init; }

    /// <summary>Its name or address.</summary>
    public string Host { get; init; } = "localhost";

    /// <summary>Its port.</summary>
    public int Port { get; init; } = 1080;

    /// <summary>The name to give; empty for none. At most 255 bytes of UTF-8.</summary>
    public string User { get; init; } = "";

    /// <summary>The password that goes with it. At most 255 bytes of UTF-8.</summary>
    public string Password { get; init; } = "";

    /// <summary>Whether there is one.</summary>
    public bool IsUsed => Kind != ProxyKind.None;

    /// <summary>The kind and the place, without the password.</summary>
    public override string ToString() => IsUsed ? $"{(Kind == ProxyKind.Socks5 ? "SOCKS5" : "HTTP")} proxy {Host}:{Port}" : "no proxy";
}
