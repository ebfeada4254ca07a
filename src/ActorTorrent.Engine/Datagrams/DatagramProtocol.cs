using System.Net;

namespace ActorTorrent.Engine.Datagrams;

/// <summary>What a <see cref="IDatagramSocket"/> tells the actor that owns it.</summary>
internal static class DatagramProtocol
{
    /// <summary>Socket → owner: a datagram came; answered by <see cref="IDatagramSocket.Done"/>.</summary>
    /// <param name="Socket">Over which it came.</param>
    /// <param name="From">Where it says it comes from.</param>
    /// <param name="Datagram">Its bytes.</param>
    public sealed record Received(IDatagramSocket Socket, IPEndPoint From, ReadOnlyMemory<byte> Datagram);

    /// <summary>Socket → owner: nothing more can be received over it.</summary>
    /// <param name="Socket">The socket.</param>
    /// <param name="Reason">The system's words.</param>
    public sealed record Broken(IDatagramSocket Socket, string Reason);
}
