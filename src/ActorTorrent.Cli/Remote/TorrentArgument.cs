using System.CommandLine;
using System.CommandLine.Completions;
using System.Text.Json;
using ActorTorrent.Service.Api;

namespace ActorTorrent.Cli.Remote;

/// <summary>Makes arguments that name torrents of a service; the shell completes them by asking it.</summary>
internal static class TorrentArgument
{
    // Somebody has pressed a key and waits.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>One torrent.</summary>
    /// <param name="remote">Where the service is.</param>
    /// <param name="description">For the help.</param>
    /// <param name="arity">Whether it may be left out.</param>
    public static Argument<string?> One(RemoteOptions remote, string description, ArgumentArity arity) => Complete(remote, new Argument<string?>("torrent")
    {
        Description = description,
        HelpName = "TORRENT",
        Arity = arity,
    });

    /// <summary>One torrent or more.</summary>
    /// <param name="remote">Where the service is.</param>
    /// <param name="description">For the help.</param>
    public static Argument<string[]> Many(RemoteOptions remote, string description) => Complete(remote, new Argument<string[]>("torrents")
    {
        Description = description,
        HelpName = "TORRENT",
        Arity = ArgumentArity.OneOrMore,
    });

    private static T Complete<T>(RemoteOptions remote, T argument)
        where T : Argument
    {
        argument.CompletionSources.Add(context => Names(remote, context));
        return argument;
    }

    private static IEnumerable<string> Names(RemoteOptions remote, CompletionContext context)
    {
        try
        {
            using var client = remote.Connect(context.ParseResult, Patience);
            return [.. client.Torrents().Select(Name)];
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException or JsonException or InputException or InvalidOperationException)
        {
            // Nobody asked for an error while typing.
            return [];
        }
    }

    /// <summary>Its name, or its info hash where shells would take the name apart.</summary>
    private static string Name(TorrentResource torrent) =>
        torrent.Name.Length > 0 && torrent.Name[0] != '-' && torrent.Name.All(static c => char.IsLetterOrDigit(c) || "._-+ ()[]".Contains(c, StringComparison.Ordinal))
            ? torrent.Name
            : torrent.InfoHash;
}
