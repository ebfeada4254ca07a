using System.Net.Sockets;
using Akka.Actor;

namespace ActorTorrent.Engine.Datagrams;

/// <summary>Opens a socket in a group.</summary>
/// <param name="family">IPv4 or IPv6.</param>
/// <param name="owner">Who gets its <see cref="DatagramProtocol"/> messages.</param>
/// <exception cref="SocketException">The system has none.</exception>
internal delegate IMulticastSocket OpenMulticastSocket(AddressFamily family, IActorRef owner);
