using System.Net;
using ActorTorrent.Wire.Dht;
using ActorTorrent.Wire.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTorrent.Wire.Tests.Dht;

/// <summary>Generators of KRPC's values.</summary>
internal static class KrpcCases
{
    public static Gen<NodeId> Ids => Properties.Bytes(NodeId.Length).Select(bytes => new NodeId(bytes));

    public static Gen<KrpcMessage> Messages => Gen.OneOf(Queries, Responses, Errors);

    private static Gen<KrpcMessage> Queries =>
        from kind in Gen.Elements(KrpcMethod.Ping, KrpcMethod.FindNode, KrpcMethod.GetPeers, KrpcMethod.AnnouncePeer)
        from transaction in Properties.Bytes(1, KrpcMessage.MaxTransactionId)
        from id in Ids
        from target in Ids
        from port in Gen.Choose(1, ushort.MaxValue)
        from isImplied in Gen.Elements(true, false)
        from token in Properties.Bytes(0, KrpcMessage.MaxToken)
        from want in Gen.Choose(0, 3)
        from isReadOnly in Gen.Elements(true, false)
        from version in Properties.Bytes(0, 4)
        select new KrpcMessage
        {
            Kind = KrpcKind.Query,
            Method = kind,
            TransactionId = transaction,
            Id = id,
            Target = kind == KrpcMethod.Ping ? default : target,
            Port = kind == KrpcMethod.AnnouncePeer ? port : 0,
            IsImpliedPort = kind == KrpcMethod.AnnouncePeer && isImplied,
            Token = kind == KrpcMethod.AnnouncePeer ? token : default,
            Want = kind is KrpcMethod.FindNode or KrpcMethod.GetPeers ? (KrpcWant)want : KrpcWant.None,
            IsReadOnly = isReadOnly,
            Version = version,
        };

    private static Gen<KrpcMessage> Responses =>
        from transaction in Properties.Bytes(1, KrpcMessage.MaxTransactionId)
        from id in Ids
        from token in Properties.Bytes(0, KrpcMessage.MaxToken)
        from nodes in Contacts(4)
        from nodes6 in Contacts(16)
        from peers in WireCases.EndPoints.ArrayOf().Select(all => all.Take(40).ToArray())
        from external in Gen.OneOf(Gen.Constant<IPEndPoint?>(null), WireCases.EndPoints.Select(static endPoint => (IPEndPoint?)endPoint))
        select new KrpcMessage
        {
            Kind = KrpcKind.Response,
            TransactionId = transaction,
            Id = id,
            Token = token,
            Nodes = nodes,
            Nodes6 = nodes6,
            Peers = peers,
            ExternalEndPoint = external,
        };

    private static Gen<KrpcMessage> Errors =>
        from transaction in Properties.Bytes(1, KrpcMessage.MaxTransactionId)
        from code in Gen.Choose(int.MinValue, int.MaxValue)
        from text in Gen.Elements("", "Server Error", "A token that nobody gave")
        select new KrpcMessage { Kind = KrpcKind.Error, TransactionId = transaction, ErrorCode = code, ErrorText = text };

    private static Gen<NodeContact[]> Contacts(int addressLength) =>
        from count in Gen.Choose(0, 8)
        from contacts in (
            from id in Ids
            from address in Properties.Bytes(addressLength)
            from port in Gen.Choose(1, ushort.MaxValue)
            select new NodeContact(id, new IPEndPoint(new IPAddress(address), port))).ArrayOf(count)
        select contacts;
}
