namespace ActorTorrent.Service.Tests.Metrics;

/// <summary>Something that was exported.</summary>
internal sealed record OtlpRequest(string Path, string ContentType, string Tenant, byte[] Body);
