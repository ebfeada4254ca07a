using System.Net.Sockets;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Peers;

/// <summary>A connection that a peer made to us, its handshake read and routed.</summary>
/// <param name="Socket">The socket; whoever holds the record owns it.</param>
/// <param name="Handshake">The peer's handshake.</param>
/// <param name="Leftover">Bytes that came behind the handshake.</param>
public sealed record AcceptedConnection(Socket Socket, Handshake Handshake, ReadOnlyMemory<byte> Leftover);
