using System.Globalization;
using ActorTorrent.Engine.Options;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace ActorTorrent.Service.Options;

/// <summary>Reads a section of the configuration, and gathers what is wrong with it: unknown keys, values out of range.</summary>
internal sealed class ServiceSettingsReader(IConfiguration configuration, string sectionName)
{
    private readonly IConfigurationSection _section = configuration.GetSection(sectionName);
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _faults = [];

    public string? TextOrNull(string key, string? allowed = null, Func<string, bool>? isGood = null)
    {
        _known.Add(key);
        if (_section[key] is not { Length: > 0 } text)
            return null;
        if (isGood is null || isGood(text))
            return text;
        Fault(key, text, allowed!);
        return null;
    }

    public string Text(string key, string fallback) => TextOrNull(key) ?? fallback;

    public bool Flag(string key, bool fallback)
    {
        if (TextOrNull(key) is not { } text)
            return fallback;
        if (bool.TryParse(text, out var value))
            return value;
        Fault(key, text, "true or false");
        return fallback;
    }

    public long Number(string key, long fallback, long min, long max) => NumberOrNull(key, min, max) ?? fallback;

    public long? NumberOrNull(string key, long min, long max)
    {
        if (TextOrNull(key) is not { } text)
            return null;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
            return value;
        Fault(key, text, string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"));
        return null;
    }

    /// <summary>A list: an array in the configuration, or one text with semicolons between the items.</summary>
    public IReadOnlyList<string> Texts(string key, IReadOnlyList<string> fallback, string allowed, Func<string, bool> isGood)
    {
        _known.Add(key);
        var items = _section.GetSection(key).GetChildren().Select(static child => (child.Key, Value: child.Value ?? "")).ToArray();
        if (_section[key] is { Length: > 0 } joined)
            items = [.. joined.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(item => (key, item))];
        if (items.Length == 0)
            return fallback;
        foreach (var (_, value) in items)
        {
            if (!isGood(value))
                Fault(key, value, allowed);
        }
        return [.. items.Select(static item => item.Value)];
    }

    /// <exception cref="SettingsException">Something was wrong; a line each.</exception>
    public void Finish()
    {
        foreach (var (path, value) in _section.AsEnumerable(makePathsRelative: true))
        {
            if (value is not null && !_known.Contains(path) && !(path.LastIndexOf(':') is > 0 and var at && _known.Contains(path[..at])))
                _faults.Add($"{Where(path)}: {sectionName}:{path} is unknown. Known are: {string.Join(", ", _known.Order(StringComparer.OrdinalIgnoreCase))}.");
        }
        if (_faults.Count > 0)
            throw new SettingsException(string.Join(Environment.NewLine, _faults));
    }

    private void Fault(string key, string value, string allowed) => _faults.Add($"{Where(key)}: {sectionName}:{key} is '{value}'; allowed: {allowed}.");

    /// <summary>The file, or what else, that a value comes from.</summary>
    private string Where(string key)
    {
        var path = $"{sectionName}:{key}";
        foreach (var provider in (configuration as IConfigurationRoot)?.Providers.Reverse() ?? [])
        {
            if (!provider.TryGet(path, out _) && !provider.GetChildKeys([], path).Any())
                continue;
            return provider switch
            {
                FileConfigurationProvider file => file.Source.FileProvider?.GetFileInfo(file.Source.Path ?? "").PhysicalPath ?? file.Source.Path ?? "file",
                EnvironmentVariablesConfigurationProvider => "environment",
                CommandLineConfigurationProvider => "command line",
                StreamConfigurationProvider => "built-in appsettings.json",
                _ => "arguments",
            };
        }
        return "configuration";
    }
}
