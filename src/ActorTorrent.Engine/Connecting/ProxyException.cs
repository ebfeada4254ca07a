using System.Net.Sockets;

namespace ActorTorrent.Engine.Connecting;

/// <summary>A proxy refused to connect, or is none; the code says what a direct connection would have said, as far as the proxy told.</summary>
/// <param name="code">The kind of failure.</param>
/// <param name="message">What the proxy said.</param>
public sealed class ProxyException(SocketError code, string message) : SocketException((int)code)
{
    /// <inheritdoc/>
    public override string Message => message;
}
