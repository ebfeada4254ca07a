using System.CommandLine;
using System.Net.Http.Headers;
using System.Text;
using ActorTorrent.Service.Options;

namespace ActorTorrent.Cli.Remote;

/// <summary>The options of every verb that asks a running service: where it is, who asks, and in what form the answer is printed.</summary>
internal sealed class RemoteOptions
{
    /// <summary>The environment's say on <c>--url</c>.</summary>
    public const string UrlVariable = "ACTORTORRENT_URL";

    /// <summary>The environment's say on <c>--token</c>.</summary>
    public const string TokenVariable = "ACTORTORRENT_TOKEN";

    /// <summary>The environment's say on <c>--user</c>.</summary>
    public const string UserVariable = "ACTORTORRENT_USER";

    private readonly Option<Uri?> _url = new("--url")
    {
        Description = $"Where the service is; ${UrlVariable} or http://127.0.0.1:{ServiceSettings.DefaultPort} when not given.",
        HelpName = "URL",
        CustomParser = static result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (Parse(text) is { } url)
                return url;
            result.AddError($"--url: '{text}' is no http or https address.");
            return null;
        },
    };

    private readonly Option<string?> _token = new("--token")
    {
        Description = $"The service's token; ${TokenVariable} when not given, which other users of this host cannot see.",
        HelpName = "TOKEN",
    };

    private readonly Option<string?> _user = new("--user")
    {
        Description = $"The service's user and password; ${UserVariable} when not given.",
        HelpName = "NAME:PASSWORD",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };

    /// <summary>Adds them to a verb.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_url);
        command.Options.Add(_token);
        command.Options.Add(_user);
        command.Options.Add(_json);
    }

    /// <summary>Whether JSON is wanted.</summary>
    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>The service that is meant.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="patience">How long an answer may take; null for as long as is usual.</param>
    /// <exception cref="InputException">The environment, or a login, cannot be used.</exception>
    public RemoteClient Connect(ParseResult parsed, TimeSpan? patience = null) => new(Url(parsed), Login(parsed), patience);

    private Uri Url(ParseResult parsed)
    {
        if (parsed.GetValue(_url) is { } given)
            return given;
        if (Environment.GetEnvironmentVariable(UrlVariable) is not { Length: > 0 } text)
            return new Uri($"http://127.0.0.1:{ServiceSettings.DefaultPort}");
        return Parse(text) ?? throw new InputException($"{UrlVariable}: '{text}' is no http or https address.");
    }

    private AuthenticationHeaderValue? Login(ParseResult parsed)
    {
        // What the command line says goes before what the environment says.
        var (token, user) = (parsed.GetValue(_token), parsed.GetValue(_user));
        if (token is not null && user is not null)
            throw new InputException("--token and --user: one of them is enough.");
        if (token is null && user is null)
            (token, user) = (Of(TokenVariable), Of(UserVariable));
        if (token is not null)
        {
            return AuthenticationHeaderValue.TryParse($"Bearer {token}", out var header) && !token.Any(char.IsWhiteSpace)
                ? header
                : throw new InputException($"--token (or {TokenVariable}): it holds what no token does.");
        }
        if (user is null)
            return null;
        return user.Contains(':', StringComparison.Ordinal)
            ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(user)))
            : throw new InputException($"--user (or {UserVariable}): it must be NAME:PASSWORD.");
    }

    private static string? Of(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;

    private static Uri? Parse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) && url.Host.Length > 0 ? url : null;
}
