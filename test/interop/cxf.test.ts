/** Apache CXF: wsdl2java with every validator that it has, WS-I Basic Profile among them, and its clients. */
import { testSoapToolchain } from "./soap-java.js";
import { readTools } from "./tools.js";

testSoapToolchain({
  name: "cxf",
  tool: readTools().cxf,
  generator: "CxfGenerator",
  explained: [],
  // WS-I Basic Profile 1.1, R2204.
  mistake: {
    right: '<wsdl:part name="parameters" element="tns:Evaluate"/>',
    wrong: '<wsdl:part name="parameters" type="xsd:string"/>',
    said: /MUST refer, in each of its soapbind:body element/,
  },
});
