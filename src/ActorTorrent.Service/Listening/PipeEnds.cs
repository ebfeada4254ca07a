using System.IO.Pipelines;

namespace ActorTorrent.Service.Listening;

/// <summary>One side of a connection: where it reads and where it writes.</summary>
internal sealed record PipeEnds(PipeReader Input, PipeWriter Output) : IDuplexPipe;
