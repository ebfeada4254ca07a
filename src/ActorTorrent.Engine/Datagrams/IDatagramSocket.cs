using System.Net;

namespace ActorTorrent.Engine.Datagrams;

/// <summary>
/// A UDP socket as an actor sees it: what comes in is a <see cref="DatagramProtocol.Received"/>, and no more of them wait for the actor
/// than were agreed on when it was opened; what comes meanwhile is dropped by the system.
/// </summary>
internal interface IDatagramSocket : IDisposable
{
    /// <summary>Sends a datagram without waiting. One that the system has no room for is lost, as any may be.</summary>
    /// <param name="datagram">The datagram.</param>
    /// <param name="to">Where it goes.</param>
    /// <returns>Why it cannot be sent there, in the system's words; null when nothing is known against it.</returns>
    string? Send(ReadOnlySpan<byte> datagram, IPEndPoint to);

    /// <summary>Says that a received datagram was dealt with, so that another may come.</summary>
    void Done();
}
