using System.Net.Sockets;

namespace ActorTorrent.Engine.Datagrams;

/// <summary>A UDP socket that belongs to a group on several interfaces.</summary>
internal interface IMulticastSocket : IDatagramSocket
{
    /// <summary>IPv4 or IPv6.</summary>
    AddressFamily Family { get; }

    /// <summary>Sends a datagram to the group on every interface; joins it first on those that have come up.</summary>
    /// <param name="datagram">The datagram.</param>
    /// <returns>Why it went nowhere, in the system's words; null when one interface took it.</returns>
    string? SendToGroup(ReadOnlySpan<byte> datagram);
}
