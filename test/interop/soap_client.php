<?php
/**
 * Calls a SOAP service through SoapClient, knowing nothing but its WSDL: soap_client.php WSDL_URL.
 * Reads one JSON request per line and prints one line of JSON for each answer.
 */
$client = new SoapClient($argv[1], [
    'cache_wsdl' => WSDL_CACHE_NONE,
    'soap_version' => SOAP_1_1,
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
]);

while (($line = fgets(STDIN)) !== false) {
    $request = json_decode($line, false, 512, JSON_THROW_ON_ERROR);
    try {
        $answer = ['result' => $client->Evaluate($request)->result];
    } catch (SoapFault $fault) {
        $answer = [
            'faultcode' => $fault->faultcode,
            'faultstring' => $fault->faultstring,
            'detail' => $fault->detail ?? null,
        ];
    }
    echo json_encode($answer, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE), "\n";
}
