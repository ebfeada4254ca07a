using Xunit.Abstractions;
using Xunit.Sdk;

namespace ActorTorrent.Engine.Tests.Hostile;

/// <summary>Cases in the order of their numbers, and what is checked of all of them after that.</summary>
public sealed class ByNumber : ITestCaseOrderer
{
    /// <inheritdoc/>
    public IEnumerable<TTestCase> OrderTestCases<TTestCase>(IEnumerable<TTestCase> testCases)
        where TTestCase : ITestCase
        => testCases.OrderBy(static test => test.TestMethod.Method.Name, StringComparer.Ordinal)
            .ThenBy(static test => test.TestMethodArguments is [int number, ..] ? number : 0);
}
