namespace ActorTorrent.Wire.Dht;

/// <summary>A datagram is no KRPC message.</summary>
public sealed class KrpcException : FormatException
{
    /// <summary>Makes the exception of what is wrong, for the program and for people.</summary>
    /// <param name="fault">What is wrong.</param>
    /// <param name="message">The same in words.</param>
    public KrpcException(KrpcFault fault, string message)
        : base(message) => Fault = fault;

    /// <summary>What is wrong.</summary>
    public KrpcFault Fault { get; }

    /// <summary>The transaction id, when it is a query that can be answered by an error; else empty.</summary>
    public ReadOnlyMemory<byte> QueryId { get; init; }
}
